import type { CouchAnswer } from '../../couch-http.ts';
import type { Couch } from '../../couch.ts';
import type { Database } from '../../couch-database.ts';

export type Json = Record<string, unknown>;
type Answer = { status: number; body: Json };

/** A name that says what holds, and how to see it in a database made for it. */
export type StoreCase = [name: string, check: (at: { couch: Couch; db: Database }) => Promise<void>];

export async function read(answer: Promise<CouchAnswer>): Promise<Answer> {
  const response = await answer;
  return { status: response.status, body: (await response.json()) as Json };
}

export const readList = async (answer: Promise<CouchAnswer>) => (await (await answer).json()) as Json[];

/** A document with the history of one branch, newest first. */
export function branch(_id: string, ids: string[], fields: object = {}) {
  return { _id, _rev: `${ids.length}-${ids[0]}`, _revisions: { start: ids.length, ids }, ...fields };
}
