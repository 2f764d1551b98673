import type { Database } from '../couch-database.ts';
import type { Accepted } from './rows.ts';
import { ask } from './upstream.ts';

/** R10: more branches than devices could ever make by accident only slow everybody down. */
const leafLimit = 10;

// How many leaves a document is taken to have before anybody has looked; below the limit, so that a document that is written a few
// times is never looked up.
const assumedLeaves = 5;

// Documents remembered, the newest and as many before them; about 100 bytes each.
const rememberedDocuments = 25_000;

export type Branches = {
  /**
   * Counts the rows in and names those that would be a branch too many; a document is looked up only when its count passes the limit.
   * `written` is to be called when the write of the others is over, whatever became of it.
   */
  admit(database: Database, rows: readonly Accepted[]): Promise<{ surplus: Set<Accepted>; written(): void }>;
};

/** Admitted and not written yet, so that no two requests at once share the last free place. */
type Batch = { database: string; rows: readonly Accepted[] };

/**
 * Upper bounds of the number of leaves, by document. Every row from outside (`new_edits: false`) may be a new branch and raises the
 * bound; where it would pass the limit the database is asked. In memory: after a restart a document can gain as many as are assumed.
 */
export function createBranches(): Branches {
  let bounds = new Map<string, number>();
  let olderBounds = new Map<string, number>();
  const underway = new Set<Batch>();

  const keyOf = (database: Database, id: string) => `${database.name} ${id}`;

  const remember = (key: string, bound: number) => {
    bounds.set(key, bound);
    if (bounds.size < rememberedDocuments) return;
    olderBounds = bounds;
    bounds = new Map();
  };

  const revsUnderway = ({ name }: Database, id: string) =>
    [...underway]
      .filter(({ database }) => database === name)
      .flatMap(({ rows }) => rows.filter((row) => row.id === id).map(({ history }) => history[0]!));

  /** Those of `rows`, all of these documents, for which there is no room. */
  const findSurplus = async (database: Database, ids: Set<string>, rows: readonly Accepted[]) => {
    const before = new Map([...ids].map((id) => [id, revsUnderway(database, id)]));
    const stored = await findLeaves(database, [...ids]);
    const surplus = new Set<Accepted>();
    for (const [id, own] of Map.groupBy(rows, (row) => row.id)) {
      const leaves = new Set([...stored.get(id)!, ...before.get(id)!, ...revsUnderway(database, id)]);
      for (const row of own) if (!grow(leaves, row)) surplus.add(row);
      remember(keyOf(database, id), leaves.size);
    }
    return surplus;
  };

  return {
    async admit(database, rows) {
      const doubtful = new Set<string>();
      for (const { id } of rows) {
        const key = keyOf(database, id);
        const bound = (bounds.get(key) ?? olderBounds.get(key) ?? assumedLeaves) + 1;
        if (bound > leafLimit) doubtful.add(id);
        else remember(key, bound);
      }
      const isDoubtful = ({ id }: Accepted) => doubtful.has(id);
      const batch = { database: database.name, rows: rows.filter((row) => !isDoubtful(row)) };
      underway.add(batch);
      const written = () => void underway.delete(batch);
      if (doubtful.size === 0) return { surplus: new Set(), written };
      try {
        const surplus = await findSurplus(database, doubtful, rows.filter(isDoubtful));
        batch.rows = rows.filter((row) => !surplus.has(row));
        return { surplus, written };
      } catch (error) {
        written();
        throw error;
      }
    }
  };
}

/** Puts a row into the tree: on a leaf that it goes on from, else as a leaf more, where there is room for one. */
function grow(leaves: Set<string>, { history }: Accepted): boolean {
  const parent = history.find((rev) => leaves.has(rev));
  if (parent === undefined && leaves.size >= leafLimit) return false;
  if (parent !== undefined) leaves.delete(parent);
  leaves.add(history[0]!);
  return true;
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
