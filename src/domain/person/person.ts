import * as v from 'valibot';
import { common, line, make, refTo, type At, type Fields } from '../fields.ts';
import { recordId } from '../id.ts';

/** Schemes a payment code leads to; a link that runs script in our page is none of them. */
const payable = new Set(['https:', 'http:', 'weixin:', 'wxp:', 'alipays:', 'alipayqr:', 'upi:']);

const fields = {
  ...common('person'),
  name: line,
  face: v.optional(refTo('photo')),
  payment: v.optional(v.union([refTo('photo'), v.pipe(v.string(), v.maxLength(500), v.check(isPaymentLink))]))
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

function isPaymentLink(text: string): boolean {
  return URL.canParse(text) && payable.has(new URL(text).protocol);
}
