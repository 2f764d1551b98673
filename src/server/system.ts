import type { Database } from './couch-database.ts';
import { CouchConflict } from './couch-error.ts';

/** The database of what is the hub's own: accounts, sessions, invites, its key. No member's device ever reads it. */
export const systemName = 'system';

export type Stored<T> = T & { _id: string; _rev: string };

/** Only this process writes here (design §4), so a conflict is a crossing of two of its own calls, and this many are a fault. */
const attempts = 20;

/** Reads, changes and writes one document until nobody came in between; `change` answers null to leave it as it is. */
export async function updateDocument<T extends object>(
  database: Database,
  id: string,
  change: (before: Stored<T> | null) => T | null
): Promise<T | null> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const before = await database.get<Stored<T>>(id);
    const after = change(before);
    if (after === null) return before;
    try {
      await database.put({ ...after, _id: id, ...(before && { _rev: before._rev }) });
      return after;
    } catch (error) {
      if (!(error instanceof CouchConflict)) throw error;
    }
  }
  throw new Error(`${id} is being changed by somebody else`);
}

/** Writes a document that must not be there yet; false when it is. */
export async function createDocument(database: Database, doc: { _id: string }): Promise<boolean> {
  try {
    await database.put(doc);
    return true;
  } catch (error) {
    if (error instanceof CouchConflict) return false;
    throw error;
  }
}

/** Deletes a document; one that is not there is no error. Answers whether there was one. */
export async function deleteDocument(database: Database, id: string): Promise<boolean> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const before = await database.get<Stored<object>>(id);
    if (!before) return false;
    const [row] = await database.bulkDocs([{ _id: id, _rev: before._rev, _deleted: true }]);
    if (row?.rev) return true;
  }
  throw new Error(`${id} is being changed by somebody else`);
}

/** All documents whose id begins with `prefix`, in the order of their ids. */
export async function documentsWith<T>(database: Database, prefix: string, limit?: number): Promise<Stored<T>[]> {
  const { rows } = await database.allDocs<Stored<T>>({
    startKey: prefix,
    endKey: `${prefix}\ufff0`,
    includeDocs: true,
    limit
  });
  return rows.flatMap(({ doc }) => (doc ? [doc] : []));
}
