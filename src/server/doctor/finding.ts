import type { Database } from '../couch-database.ts';

/** What the doctor sees. A `fault` is something that is wrong; anything else is worth knowing. */
export type Finding = { fault: boolean; sentence: string };

export const fault = (sentence: string): Finding => ({ fault: true, sentence });
export const note = (sentence: string): Finding => ({ fault: false, sentence });

/** A document with its open conflicts, if it has any. */
export type Standing = { _id: string; _rev: string; _conflicts?: string[]; [field: string]: unknown };

const docsAtOnce = 500;

/** Every living document of a database, by the page. */
export async function* documentsIn(database: Database): AsyncGenerator<Standing> {
  for (let startKey: string | undefined, after: string | undefined; ;) {
    const { rows } = await database.allDocs<Standing>({
      ...(startKey !== undefined && { startKey }),
      limit: docsAtOnce,
      includeDocs: true,
      conflicts: true
    });
    for (const { id, doc } of rows) if (doc && id !== after) yield doc;
    if (rows.length < docsAtOnce) return;
    startKey = after = rows.at(-1)!.id;
  }
}
