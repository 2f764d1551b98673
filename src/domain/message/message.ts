import * as v from 'valibot';
import { circleRef, common, make, person, refTo, saying, type At, type Fields } from '../fields.ts';
import { recordId } from '../id.ts';

/** As many as a circle's everyday group; whoever wants to reach more writes a comment. */
const mostAddressees = 50;

const fields = {
  ...common('message'),
  to: v.pipe(v.array(person), v.minLength(1), v.maxLength(mostAddressees)),
  subject: v.optional(refTo()),
  circle: circleRef,
  text: saying
};

/** R13: a private word; lives in its author's own database and is delivered into its addressees'. */
export const message = v.looseObject(fields);
export type Message = Fields<typeof fields>;

/** A person has many: the key is time-ordered (timeKey). */
export const messageId = (author: string, key: string) => recordId(author, 'message', key);

/** A whole record. */
export function makeMessage(
  body: Pick<Message, 'to' | 'subject' | 'circle' | 'text'>,
  at: At & { key: string }
): Message {
  return make('message', at.key, at, body);
}
