import * as v from 'valibot';
import { common, make, refTo, saying, type At, type Fields } from '../fields.ts';
import { recordId } from '../id.ts';

const fields = { ...common('comment'), subject: refTo(), text: saying };

/** A word under a thing, for the whole circle. */
export const comment = v.looseObject(fields);
export type Comment = Fields<typeof fields>;

/** A person has many: the key is time-ordered (timeKey). */
export const commentId = (author: string, key: string) => recordId(author, 'comment', key);

/** A whole record. */
export function makeComment(body: Pick<Comment, 'subject' | 'text'>, at: At & { key: string }): Comment {
  return make('comment', at.key, at, body);
}
