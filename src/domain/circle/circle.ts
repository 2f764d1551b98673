import * as v from 'valibot';
import { circleRef, common, line, make, signed, words, type At, type Fields } from '../fields.ts';
import { hubAuthor, recordId } from '../id.ts';

const fields = {
  ...common('circle'),
  ...signed,
  name: line,
  circleKind: v.picklist(['circle', 'chapter']),
  city: v.optional(line),
  parent: v.optional(circleRef),
  rules: v.optional(words)
};

/** R11: the circle itself; `rules` are its house rules. */
export const circle = v.looseObject(fields);
export type Circle = Fields<typeof fields>;

/** One a circle. */
export const circleRecordId = recordId(hubAuthor, 'circle', 'self');

/** A whole record by the hub, but for the counter and signature that hub-records adds. */
export function makeCircle(body: Pick<Circle, 'name' | 'circleKind' | 'city' | 'parent' | 'rules'>, at: At): Circle {
  return make('circle', 'self', at, body);
}
