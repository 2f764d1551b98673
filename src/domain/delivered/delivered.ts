import * as v from 'valibot';
import { common, make, person, refTo, signed, type At, type Fields } from '../fields.ts';
import { hubAuthor, recordId, type RecordId } from '../id.ts';

const fields = {
  ...common('delivered'),
  ...signed,
  subject: refTo(),
  from: person,
  record: v.looseObject({ _id: refTo(), kind: v.string() })
};

/** R13: the hub's copy of what somebody addressed to the owner of this database; `record` is as its author wrote it. */
export const delivered = v.looseObject(fields);
export type Delivered = Fields<typeof fields>;

/** One per delivered record. */
export const deliveredId = (id: string) => recordId(hubAuthor, 'delivered', id);

/** A whole record by the hub, but for the counter and signature that hub-records adds. */
export function makeDelivered(
  body: { subject: RecordId; from: string; record: Delivered['record'] },
  at: At
): Delivered {
  return make('delivered', body.subject, at, body);
}
