import * as v from 'valibot';
import { common, line, make, refTo, type At, type Fields } from '../fields.ts';
import { recordId } from '../id.ts';

/** Where a payment code leads to; what runs script in our page is none of them. */
const paymentLink = /^(https?|weixin|wxp|alipays|alipayqr|upi):\/\/\S+$/;

const fields = {
  ...common('person'),
  name: line,
  face: v.optional(refTo('photo')),
  payment: v.optional(v.union([refTo('photo'), v.pipe(v.string(), v.maxLength(500), v.regex(paymentLink))]))
};

/** What a member says of herself to a circle; one a circle (R2). */
export const person = v.looseObject(fields);
export type Person = Fields<typeof fields>;

/** R2: one per person. */
export const personId = (author: string) => recordId(author, 'person', 'self');

/** A whole record from what she typed. */
export function makePerson(body: Pick<Person, 'name' | 'face' | 'payment'>, at: At): Person {
  return make('person', 'self', at, body);
}
