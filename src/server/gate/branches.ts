import type { Database } from '../couch-database.ts';
import type { CouchAnswer } from '../couch-http.ts';
import type { Accepted } from './rows.ts';
import { ask } from './upstream.ts';

/** R10: more open branches than devices could ever make by accident only slow everybody down. */
const openLimit = 10;

/**
 * Those that were merged away stay as leaves for good, so that they have a limit of their own: counted among the open ones
 * they would keep a person with three phones from merging, once there had been ten conflicts in a record's life.
 */
const leafLimit = 50;

// How many open branches a document is taken to have before anybody has looked; below the limit, so that a document that is written
// a few times is never looked up.
const assumedOpen = 5;

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
 * Upper bounds of the number of open branches, by document. Every row from outside (`new_edits: false`) may be a new branch and raises the
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

  const rowsUnderway = ({ name }: Database, id: string) =>
    [...underway]
      .filter(({ database }) => database === name)
      .flatMap(({ rows }) => rows.filter((row) => row.id === id));

  /** Those of `rows`, all of these documents, for which there is no room. */
  const findSurplus = async (database: Database, ids: Set<string>, rows: readonly Accepted[]) => {
    const before = new Map([...ids].map((id) => [id, rowsUnderway(database, id)]));
    const stored = await findLeaves(database, [...ids]);
    const surplus = new Set<Accepted>();
    for (const [id, own] of Map.groupBy(rows, (row) => row.id)) {
      const leaves = new Map(stored.get(id)!);
      for (const { history, isDeleted } of [...before.get(id)!, ...rowsUnderway(database, id)])
        leaves.set(history[0]!, !isDeleted);
      for (const row of surplusOf(leaves, own)) surplus.add(row);
      remember(keyOf(database, id), openOf(leaves));
    }
    return surplus;
  };

  return {
    async admit(database, rows) {
      const doubtful = new Set<string>();
      for (const { id } of rows) {
        const key = keyOf(database, id);
        const bound = (bounds.get(key) ?? olderBounds.get(key) ?? assumedOpen) + 1;
        if (bound > openLimit) doubtful.add(id);
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

/** A document's leaves: whether each is open. */
type Leaves = Map<string, boolean>;

const openOf = (leaves: Leaves): number => [...leaves.values()].filter(Boolean).length;

/**
 * Puts a document's rows into its tree and answers those for which there is no room. A merge goes in as a whole or not at all: without
 * its outcome the branches that it ends would take the record with them.
 */
function surplusOf(leaves: Leaves, rows: readonly Accepted[]): Accepted[] {
  const [ends, outcomes] = [rows.filter(({ isDeleted }) => isDeleted), rows.filter(({ isDeleted }) => !isDeleted)];
  const surplus = outcomes.filter((row) => !grow(leaves, row));
  return [...surplus, ...(surplus.length > 0 ? ends : ends.filter((row) => !grow(leaves, row)))];
}

/** Puts a row into the tree: on a leaf that it goes on from, else as a leaf more, where there is room for one. */
function grow(leaves: Leaves, { history, isDeleted }: Accepted): boolean {
  const parent = history.find((rev) => leaves.has(rev));
  const [open, all] = [openOf(leaves) - (parent && leaves.get(parent) ? 1 : 0), leaves.size - (parent ? 1 : 0)];
  if (all >= leafLimit || (!isDeleted && open >= openLimit)) return false;
  if (parent !== undefined) leaves.delete(parent);
  leaves.set(history[0]!, !isDeleted);
  return true;
}

/** A revision that no document has, newer than all: asked for it, `_revs_diff` names every leaf as a possible ancestor. */
const probe = `999999999-${'0'.repeat(32)}`;

async function findLeaves(database: Database, ids: readonly string[]): Promise<Map<string, Leaves>> {
  const probes = Object.fromEntries(ids.map((id) => [id, [probe]]));
  const query = { include_docs: 'true', conflicts: 'true' };
  const [all, open] = await Promise.all([
    ask(database, 'POST', '_revs_diff', { body: probes }).then(json<Record<string, { possible_ancestors?: string[] }>>),
    ask(database, 'POST', '_all_docs', { query, body: { keys: ids } }).then(json<{ rows: Listed[] }>)
  ]);
  return new Map(
    ids.map((id, index) => {
      const { doc } = open.rows[index]!;
      const leaves: Leaves = new Map(all[id]?.possible_ancestors?.map((rev) => [rev, false]));
      for (const rev of doc ? [doc._rev, ...(doc._conflicts ?? [])] : []) leaves.set(rev, true);
      return [id, leaves];
    })
  );
}

/** A row of `_all_docs`; what is deleted or not there has no document. */
type Listed = { doc?: { _rev: string; _conflicts?: string[] } | null };

const json = async <T>(answer: CouchAnswer): Promise<T> => (await answer.json()) as T;
