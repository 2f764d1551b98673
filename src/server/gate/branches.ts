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
  /** Counts the rows in and names those that would be a branch too many. A document is looked up only when its count passes the limit. */
  admit(database: Database, rows: readonly Accepted[]): Promise<Set<Accepted>>;
  /** To be called when the write of admitted rows is over, whatever became of it. */
  settle(database: Database, rows: readonly Accepted[]): void;
};

/**
 * Upper bounds of the number of leaves, by document. Every row from outside (`new_edits: false`) may be a new branch and raises the
 * bound; where it would pass the limit the database is asked. In memory: after a restart a document can gain as many as are assumed.
 */
export function createBranches(): Branches {
  const bounds = new Map<string, number>();
  // Admitted and not written yet, so that no two requests at once share the last free place.
  const underway = new Map<string, Set<string>>();

  const keyOf = (database: Database, id: string) => `${database.name} ${id}`;

  const remember = (key: string, bound: number) => {
    bounds.delete(key);
    bounds.set(key, bound);
    if (bounds.size > rememberedDocuments) bounds.delete(bounds.keys().next().value!);
  };

  const send = (key: string, rows: readonly Accepted[]) => {
    const revs = underway.get(key) ?? new Set();
    for (const { history } of rows) revs.add(history[0]!);
    underway.set(key, revs);
  };

  return {
    async admit(database, rows) {
      const doubtful: [id: string, rows: Accepted[]][] = [];
      for (const [id, own] of Map.groupBy(rows, (row) => row.id)) {
        const key = keyOf(database, id);
        const bound = (bounds.get(key) ?? assumedLeaves) + own.length;
        if (bound > leafLimit) {
          doubtful.push([id, own]);
          continue;
        }
        remember(key, bound);
        send(key, own);
      }
      const refused = new Set<Accepted>();
      if (doubtful.length === 0) return refused;
      const before = new Map(doubtful.map(([id]) => [id, [...(underway.get(keyOf(database, id)) ?? [])]]));
      const stored = await findLeaves(database, [...before.keys()]);
      for (const [id, own] of doubtful) {
        const key = keyOf(database, id);
        const leaves = new Set([...stored.get(id)!, ...before.get(id)!, ...(underway.get(key) ?? [])]);
        const admitted = own.filter((row) => grow(leaves, row));
        for (const row of own) if (!admitted.includes(row)) refused.add(row);
        remember(key, leaves.size);
        send(key, admitted);
      }
      return refused;
    },
    settle(database, rows) {
      for (const { id, history } of rows) {
        const key = keyOf(database, id);
        const revs = underway.get(key);
        revs?.delete(history[0]!);
        if (revs?.size === 0) underway.delete(key);
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
