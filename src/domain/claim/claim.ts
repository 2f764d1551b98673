import * as v from 'valibot';
import { common, make, moment, note, quantity, refTo, terms, type At, type Fields } from '../fields.ts';
import { recordId } from '../id.ts';

const fields = {
  ...common('claim'),
  subject: refTo(),
  quantity,
  terms: v.optional(terms),
  note: v.optional(note),
  status: v.picklist(['standing', 'withdrawn']),
  paid: v.optional(
    v.looseObject({ how: v.picklist(['cash', 'transfer', 'other']), at: moment, note: v.optional(note) })
  ),
  receivedAt: v.optional(moment)
};

/** "I want it", or of a thing wanted: "I have it". `terms` is what its author saw (R5), 1 where absent; her ticks are `paid` and `receivedAt`. */
export const claim = v.looseObject(fields);
export type Claim = Fields<typeof fields>;

/** R2: one per person and thing. */
export const claimId = (author: string, subject: string) => recordId(author, 'claim', subject);

/** A whole record, standing, for one, on the first terms unless said otherwise. */
export function makeClaim(
  body: Pick<Claim, 'subject'> & Partial<Omit<Claim, keyof ReturnType<typeof common>>>,
  at: At
): Claim {
  return make('claim', body.subject, at, { quantity: 1, terms: 1, status: 'standing' as const, ...body });
}

/** R10: the later word, and every tick that either device set. */
export function mergeClaims(later: Claim, earlier: Claim): Claim {
  const paid = later.paid ?? earlier.paid;
  const receivedAt = later.receivedAt ?? earlier.receivedAt;
  return { ...later, ...(paid && { paid }), ...(receivedAt && { receivedAt }) };
}
