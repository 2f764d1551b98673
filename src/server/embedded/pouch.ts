import PouchDB from 'pouchdb';

/** A document as PouchDB takes and gives it. */
export type Doc = Record<string, unknown> & { _id: string; _rev?: string; _deleted?: boolean };

/** A branch of a revision tree: hash, state, children. */
export type RevNode = [
  hash: string,
  state: { status: 'available' | 'missing'; deleted?: boolean },
  children: RevNode[]
];
export type RevTree = { pos: number; ids: RevNode }[];

/** What the router needs of PouchDB, narrower and truer than its published types. Errors are `PouchFault`s. */
export type Pouch = {
  info(): Promise<{ doc_count: number; update_seq: number }>;
  id(): Promise<string>;
  get(id: string, options?: { rev?: string; revs?: boolean; conflicts?: boolean }): Promise<Doc>;
  put(doc: Doc): Promise<{ ok: true; id: string; rev: string }>;
  remove(doc: Doc): Promise<{ ok: true; id: string; rev: string }>;
  bulkDocs(
    docs: Doc[],
    options: { new_edits: boolean }
  ): Promise<(PouchFault | { ok: true; id: string; rev: string })[]>;
  allDocs(options: object): Promise<{ total_rows: number; rows: AllDocsRow[] }>;
  changes(options: object): Promise<{ results: ChangeRow[]; last_seq: number }>;
  compact(): Promise<unknown>;
  close(): Promise<void>;
  _getRevisionTree(id: string, callback: (error: PouchFault | null, tree?: RevTree) => void): void;
};

export type PouchFault = {
  status: number;
  name: string;
  message?: string;
  reason?: string;
  error?: unknown;
  id?: string;
};
export type AllDocsRow = { id?: string; key: string; value?: object; doc?: object | null; error?: string };
export type ChangeRow = { id: string; seq: number; changes: { rev: string }[]; deleted?: boolean; doc?: object };

/** Opens (or makes) the database in `directory`. `auto_compaction` keeps only the leaves' bodies, as CouchDB's smoosh does in time. */
export function openPouch(directory: string): Pouch {
  return new PouchDB(directory, { adapter: 'leveldb', auto_compaction: true }) as unknown as Pouch;
}

/** The revision tree of a document, null when there never was one. */
export function revisionTree(pouch: Pouch, id: string): Promise<RevTree | null> {
  return new Promise((resolve, reject) => {
    pouch._getRevisionTree(id, (error, tree) => {
      if (tree) resolve(tree);
      else if (error?.status === 404) resolve(null);
      else reject(error);
    });
  });
}

export type Revision = { rev: string; leaf: boolean; available: boolean; deleted: boolean; leaves: string[] };

/** Every revision of a tree by its name, each with the leaves that descend from it. Iterative: histories are long. */
export function revisions(tree: RevTree): Map<string, Revision> {
  const all = new Map<string, Revision>();
  for (const root of tree) {
    const stack = [{ pos: root.pos, node: root.ids, above: [] as Revision[] }];
    for (let next = stack.pop(); next; next = stack.pop()) {
      const { pos, node, above } = next;
      const [hash, state, children] = node;
      const leaf = children.length === 0;
      const rev = `${pos}-${hash}`;
      const revision = { rev, leaf, available: state.status === 'available', deleted: !!state.deleted, leaves: [] };
      all.set(rev, revision);
      const path = [...above, revision];
      if (leaf) for (const each of path) each.leaves.push(rev);
      else for (const child of children) stack.push({ pos: pos + 1, node: child, above: path });
    }
  }
  return all;
}
