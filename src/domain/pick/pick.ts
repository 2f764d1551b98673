import * as v from 'valibot';
import { common, make, refTo, type At, type Fields } from '../fields.ts';
import { recordId } from '../id.ts';

const fields = {
  ...common('pick'),
  subject: refTo(),
  status: v.optional(v.picklist(['standing', 'withdrawn']))
};

/** The giver's choice of a claim, under the rule giver-picks. Once settled it gives; taking it back changes nothing any more. */
export const pick = v.looseObject(fields);
export type Pick = Fields<typeof fields>;

/** R2: one per claim. */
export const pickId = (giver: string, claim: string) => recordId(giver, 'pick', claim);

/** A whole record; `at.author` is the giver. */
export function makePick(body: { subject: Pick['subject']; status?: Pick['status'] }, at: At): Pick {
  return make('pick', body.subject, at, body);
}
