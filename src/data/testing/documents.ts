import { createHash } from 'node:crypto';
import type { Doc, Stored } from '../log.ts';

/** One revision in a document's tree. `fields` null: known by name alone, as an ancestor or compacted away. */
export type Revision = {
  rev: string;
  generation: number;
  parent: Revision | null;
  isDeleted: boolean;
  fields: Record<string, unknown> | null;
};

export type Tree = { id: string; seq: number; revisions: Map<string, Revision>; leaves: Set<Revision> };

export type Change = { id: string; seq: number; tree: Tree };

export type Documents = ReturnType<typeof createDocuments>;

/**
 * CouchDB's documents in memory: revision trees, the winner's rule, one change a document. What the memory log and the
 * simulation's database have in common. Only leaves keep their fields, as in a database that compacts at once. Revisions
 * follow from content, so that a seed gives the same ones again.
 */
export function createDocuments() {
  const trees = new Map<string, Tree>();
  const order: (string | null)[] = [];

  function moved(tree: Tree): void {
    if (tree.seq > 0) order[tree.seq - 1] = null;
    tree.seq = order.push(tree.id);
  }

  function treeOf(id: string): Tree {
    const known = trees.get(id);
    if (known) return known;
    const tree: Tree = { id, seq: 0, revisions: new Map(), leaves: new Set() };
    trees.set(id, tree);
    return tree;
  }

  function add(tree: Tree, rev: string, parent: Revision | null): Revision {
    const revision = { rev, generation: generationOf(rev), parent, isDeleted: false, fields: null };
    tree.revisions.set(rev, revision);
    tree.leaves.add(revision);
    if (parent) grown(tree, parent);
    return revision;
  }

  /** It has a successor: no leaf any more, and nothing but its name is kept. */
  function grown(tree: Tree, revision: Revision): void {
    tree.leaves.delete(revision);
    revision.fields = null;
  }

  return {
    trees,
    last: () => order.length,
    tree: (id: string): Tree | undefined => trees.get(id),

    /** A revision of one's own on a leaf (or on nothing, or on a tombstone that won); null for a conflict. */
    put(doc: Doc): string | null {
      const tree = trees.get(doc._id);
      const winner = tree && winnerOf(tree);
      const parent = doc._rev === undefined ? (winner?.isDeleted ? winner : null) : tree?.revisions.get(doc._rev);
      if (doc._rev === undefined ? winner && !winner.isDeleted : !parent || !tree!.leaves.has(parent)) return null;
      const fields = fieldsOf(doc);
      const hash = md5(JSON.stringify([doc._id, parent?.rev ?? null, doc._deleted === true, fields]));
      const whole = treeOf(doc._id);
      const rev = `${(parent?.generation ?? 0) + 1}-${hash}`;
      // Written before, on another branch's way here: it is there already.
      const revision = whole.revisions.get(rev) ?? add(whole, rev, parent ?? null);
      Object.assign(revision, { fields, isDeleted: doc._deleted === true });
      moved(whole);
      return rev;
    },

    /** A revision as it comes, with its history. One that is here already changes nothing. */
    take(doc: Stored): void {
      const history = historyOf(doc);
      const tree = treeOf(doc._id);
      const isNew = !tree.revisions.has(history[0]!);
      const changed = link(tree, history);
      if (isNew)
        Object.assign(tree.revisions.get(history[0]!)!, { fields: fieldsOf(doc), isDeleted: doc._deleted === true });
      if (isNew || changed) moved(tree);
    },

    /** What changed after `since`, oldest first. */
    changes(since: number, limit: number): Change[] {
      const found: Change[] = [];
      for (let at = since; at < order.length && found.length < limit; at++) {
        const id = order[at];
        if (id) found.push({ id, seq: at + 1, tree: trees.get(id)! });
      }
      return found;
    },

    /** The newest changes, newest first. */
    newest(limit: number): Change[] {
      const found: Change[] = [];
      for (let at = order.length - 1; at >= 0 && found.length < limit; at--) {
        const id = order[at];
        if (id) found.push({ id, seq: at + 1, tree: trees.get(id)! });
      }
      return found;
    }
  };

  /** Puts a history, newest first, into the tree; says whether it told of anything that was not known. */
  function link(tree: Tree, history: string[]): boolean {
    let changed = false;
    let parent: Revision | null = null;
    for (const rev of history.toReversed()) {
      const known = tree.revisions.get(rev);
      if (!known) {
        parent = add(tree, rev, parent);
        changed = true;
        continue;
      }
      if (!known.parent && parent) {
        known.parent = parent;
        grown(tree, parent);
        changed = true;
      }
      parent = known;
    }
    return changed;
  }
}

const generationOf = (rev: string) => Number(rev.slice(0, rev.indexOf('-')));

/** Living before deleted, then the longer history, then the greater hash: CouchDB's rule, the same everywhere (R10). */
export function winnerOf(tree: Tree): Revision {
  let best: Revision | null = null;
  for (const leaf of tree.leaves) if (!best || wins(leaf, best)) best = leaf;
  return best!;
}

function wins(a: Revision, b: Revision): boolean {
  if (a.isDeleted !== b.isDeleted) return b.isDeleted;
  if (a.generation !== b.generation) return a.generation > b.generation;
  return a.rev > b.rev;
}

/** The other living leaves. */
export function conflictsOf(tree: Tree): string[] {
  const winner = winnerOf(tree);
  return [...tree.leaves].filter((leaf) => leaf !== winner && !leaf.isDeleted).map((leaf) => leaf.rev);
}

/** The revision as a document. */
export function docOf(tree: Tree, revision: Revision, with_: { revs?: boolean; conflicts?: boolean } = {}): Stored {
  const conflicts = with_.conflicts ? conflictsOf(tree) : [];
  return {
    _id: tree.id,
    _rev: revision.rev,
    ...revision.fields,
    ...(revision.isDeleted && { _deleted: true }),
    ...(with_.revs && { _revisions: revisionsOf(revision) }),
    ...(conflicts.length > 0 && { _conflicts: conflicts })
  };
}

function revisionsOf(revision: Revision): { start: number; ids: string[] } {
  const ids: string[] = [];
  for (let at: Revision | null = revision; at; at = at.parent) ids.push(at.rev.slice(at.rev.indexOf('-') + 1));
  return { start: revision.generation, ids };
}

function historyOf(doc: Stored): string[] {
  if (!doc._revisions) return [doc._rev];
  const { start, ids } = doc._revisions;
  return ids.map((hash, index) => `${start - index}-${hash}`);
}

const own = new Set(['_id', '_rev', '_deleted', '_revisions', '_conflicts']);

function fieldsOf(doc: Doc): Record<string, unknown> {
  return Object.fromEntries(Object.entries(doc).filter(([field]) => !own.has(field)));
}

/** A field that begins with an underscore is CouchDB's, and one it does not know is refused. */
export function isSound(doc: Doc): boolean {
  return Object.keys(doc).every((field) => !field.startsWith('_') || own.has(field));
}

const md5 = (text: string) => createHash('md5').update(text).digest('hex');
