import type { Database } from '../couch.ts';
import type { Accepted } from './rows.ts';
import { ask } from './upstream.ts';

/** R10: more branches than devices could ever make by accident only slow everybody down. */
export const leafLimit = 10;

// How many leaves a document is taken to have before anybody has looked; below the limit, so that a document that is written a few
// times is never looked up.
const assumedLeaves = 5;

// Documents remembered; about 100 bytes each.
const rememberedDocuments = 50_000;

export type Branches = {
  /** Counts the rows in, and names those that would be a branch too many. Looks a document up only when its count reaches the limit. */
  admit(database: Database, rows: readonly Accepted[]): Promise<Set<Accepted>>;
};

/**
 * Upper bounds of the number of leaves, by document. Every row from outside (`new_edits: false`) may be a new branch and raises the bound; where
 * it would pass the limit the database is asked. In memory: after a restart a document can gain as many as are assumed.
 */
export function createBranches(): Branches {
  const bounds = new Map<string, number>();

  const remember = (key: string, bound: number) => {
    bounds.delete(key);
    bounds.set(key, bound);
    if (bounds.size > rememberedDocuments) bounds.delete(bounds.keys().next().value!);
  };

  return {
    async admit(database, rows) {
      const doubtful: Accepted[] = [];
      for (const row of rows) {
        const key = `${database.name} ${row.id}`;
        const bound = (bounds.get(key) ?? assumedLeaves) + 1;
        if (bound > leafLimit) doubtful.push(row);
        else remember(key, bound);
      }
      if (doubtful.length === 0) return new Set();
      const leavesById = await findLeaves(database, [...new Set(doubtful.map(({ id }) => id))]);
      const refused = new Set<Accepted>();
      for (const row of doubtful) {
        const leaves = leavesById.get(row.id) ?? new Set();
        const parent = row.history.find((rev) => leaves.has(rev));
        if (parent === undefined && leaves.size >= leafLimit) {
          refused.add(row);
          continue;
        }
        if (parent !== undefined) leaves.delete(parent);
        leaves.add(row.history[0]!);
        leavesById.set(row.id, leaves);
      }
      for (const [id, leaves] of leavesById) remember(`${database.name} ${id}`, leaves.size);
      return refused;
    }
  };
}

/** A revision that no document has, newer than all: asked for it, `_revs_diff` names every leaf as a possible ancestor. */
const probe = `999999999-${'0'.repeat(32)}`;

async function findLeaves(database: Database, ids: readonly string[]): Promise<Map<string, Set<string>>> {
  const body = Object.fromEntries(ids.map((id) => [id, [probe]]));
  const rows = (await (await ask(database, 'POST', '_revs_diff', { body })).json()) as Record<
    string,
    { possible_ancestors?: string[] }
  >;
  return new Map(ids.map((id) => [id, new Set(rows[id]?.possible_ancestors ?? [])]));
}
