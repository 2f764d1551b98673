import * as v from 'valibot';
import { common, make, note, refTo, type At, type Fields } from '../fields.ts';
import { recordId } from '../id.ts';

const fields = {
  ...common('hide'),
  subject: refTo(),
  reason: note,
  status: v.optional(v.picklist(['standing', 'withdrawn']))
};

/** A steward takes something out of sight, with a reason that all may read; withdrawn, it is seen again. */
export const hide = v.looseObject(fields);
export type Hide = Fields<typeof fields>;

/** R2: one per steward and thing. */
export const hideId = (steward: string, subject: string) => recordId(steward, 'hide', subject);

/** A whole record; `at.author` is a steward. */
export function makeHide(body: { subject: Hide['subject']; reason: string; status?: Hide['status'] }, at: At): Hide {
  return make('hide', body.subject, at, body);
}
