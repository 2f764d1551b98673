import * as v from 'valibot';
import { common, make, moment, refTo, type At, type Fields } from '../fields.ts';
import { recordId } from '../id.ts';

const fields = {
  ...common('handover'),
  subject: refTo(),
  paidAt: v.optional(moment),
  handedOverAt: v.optional(moment)
};

/** The giver's ticks for one claim: the money came, the thing went. */
export const handover = v.looseObject(fields);
export type Handover = Fields<typeof fields>;

/** R2: one per claim. */
export const handoverId = (giver: string, claim: string) => recordId(giver, 'handover', claim);

/** A whole record; `at.author` is the giver. */
export function makeHandover(
  body: { subject: Handover['subject']; paidAt?: string; handedOverAt?: string },
  at: At
): Handover {
  return make('handover', body.subject, at, body);
}

/** R10: every tick that either device set. */
export function mergeHandovers(later: Handover, earlier: Handover): Handover {
  const paidAt = later.paidAt ?? earlier.paidAt;
  const handedOverAt = later.handedOverAt ?? earlier.handedOverAt;
  return { ...later, ...(paidAt && { paidAt }), ...(handedOverAt && { handedOverAt }) };
}
