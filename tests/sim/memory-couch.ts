import {
  createDocuments,
  docOf,
  isSound,
  winnerOf,
  type Change,
  type Documents,
  type Revision,
  type Tree
} from '../../src/data/testing/documents.ts';
import type { Doc, Stored } from '../../src/data/log.ts';
import { spanHeader, spanText } from '#server/spans.ts';
import { plainAnswer } from './answer.ts';

export type StoredDatabase = { instance: string; documents: Documents; locals: Map<string, Doc> };

/** What a write brought, and what the document is now (R10): who watches the whole truth hears of it before the writer has an answer. */
export type Commit = { database: string; id: string; seq: number; doc: Stored; winner: Stored };

export type MemoryCouch = {
  /** What `connectCouch` takes for its fetch. */
  fetch: typeof fetch;
  databases: Map<string, StoredDatabase>;
  /** All of it as it stands now, as a file would keep it. */
  backUp(): Backup;
  /** Becomes what it was; its sequences are others. */
  restore(backup: Backup): void;
};

type Kept = { docs: Stored[]; locals: Doc[] };
export type Backup = Map<string, Kept>;

class Fault extends Error {
  readonly status: number;
  readonly error: string;
  constructor(status: number, error: string, reason: string) {
    super(reason);
    this.status = status;
    this.error = error;
  }
}

const missing = (reason = 'missing') => new Fault(404, 'not_found', reason);

/**
 * As much of CouchDB as the hub's parts ask of it, in memory and in one turn: no feed waits here. As the embedded store does, it
 * tells of a batch what it was written between.
 */
export function createMemoryCouch(committed: (commit: Commit) => void = () => undefined): MemoryCouch {
  const databases = new Map<string, StoredDatabase>();
  let made = 0;

  function create(name: string): void {
    if (databases.has(name))
      throw new Fault(412, 'file_exists', 'The database could not be created, the file already exists.');
    databases.set(name, { instance: `m${++made}`, documents: createDocuments(), locals: new Map() });
  }

  function open(name: string): StoredDatabase {
    const database = databases.get(name);
    if (!database) throw missing('Database does not exist.');
    return database;
  }

  function route(method: string, segments: string[], query: URLSearchParams, body: Json): Answered {
    const [name = '', ...rest] = segments;
    if (name === '_up') return json(200, { status: 'ok' });
    if (name === '_all_dbs') return json(200, listed([...databases.keys()].sort(), query));
    if (rest.length === 0 && method === 'PUT') return (create(name), json(201, { ok: true }));
    const database = open(name);
    if (rest.length === 0 && method === 'DELETE') return (databases.delete(name), json(200, { ok: true }));
    if (rest.length === 0) return json(200, info(name, database));
    return inDatabase({ name, database, committed }, method, rest.join('/'), query, body);
  }

  function restored({ docs, locals }: Kept): StoredDatabase {
    const documents = createDocuments();
    for (const doc of docs) documents.take(doc);
    return { instance: `m${++made}`, documents, locals: new Map(locals.map((doc) => [doc._id, doc])) };
  }

  return {
    databases,
    backUp: () => new Map([...databases].map(([name, database]) => [name, keptOf(database)])),
    restore(backup) {
      databases.clear();
      for (const [name, kept] of backup) databases.set(name, restored(kept));
    },
    fetch: (async (input: string, init: RequestInit = {}) => {
      const { pathname, searchParams } = new URL(input);
      const segments = pathname.split('/').slice(1).map(decodeURIComponent);
      if (segments.at(-1) === '') segments.pop();
      try {
        const body = init.body ? (JSON.parse(String(init.body)) as Json) : {};
        return plainAnswer(...route(init.method ?? 'GET', segments, searchParams, body));
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
        return plainAnswer(...json(error.status, { error: error.error, reason: error.message }));
      }
    }) as typeof fetch
  };
}

const keptOf = ({ documents, locals }: StoredDatabase): Kept => ({
  docs: documents
    .changes(0, Infinity)
    .flatMap(({ tree }) => [...tree.leaves].map((leaf) => docOf(tree, leaf, { revs: true }))),
  locals: [...locals.values()]
});

type Json = Record<string, unknown>;
type At = { name: string; database: StoredDatabase; committed(commit: Commit): void };

type Answered = [status: number, text: string, headers?: Record<string, string>];

const json = (status: number, body: unknown, headers?: Record<string, string>): Answered => [
  status,
  JSON.stringify(body),
  headers
];

function inDatabase(at: At, method: string, path: string, query: URLSearchParams, body: Json): Answered {
  const { database } = at;
  if (path === '_changes') return [200, changes(database, query, body)];
  if (path === '_all_docs') return [200, allDocs(database, query, body)];
  if (path === '_bulk_docs') {
    const from = seqOf(database);
    return json(201, bulkDocs(at, body), { [spanHeader]: spanText({ from, to: seqOf(database) }) });
  }
  if (path === '_bulk_get') return json(200, bulkGet(database, body, query));
  if (path === '_revs_diff') return json(200, revsDiff(database, body));
  if (path.startsWith('_local/')) return local(database, method, path, body as Doc);
  if (path.startsWith('_')) throw missing();
  if (method === 'PUT') return json(201, put(at, { ...body, _id: path }));
  if (method === 'DELETE') {
    living(database, path);
    return json(200, put(at, { _id: path, _rev: query.get('rev') ?? undefined, _deleted: true }));
  }
  return json(200, read(database, path, query));
}

const seqOf = ({ documents, instance }: Pick<StoredDatabase, 'documents' | 'instance'>) =>
  `${documents.last()}-${instance}`;

const info = (name: string, { documents, instance }: StoredDatabase) => ({
  db_name: name,
  doc_count: [...documents.trees.values()].filter((tree) => !winnerOf(tree).isDeleted).length,
  update_seq: seqOf({ documents, instance }),
  purge_seq: '0',
  compact_running: false,
  instance_start_time: '0'
});

const flag = (query: URLSearchParams, name: string) => query.get(name) === 'true';
const jsonOf = (query: URLSearchParams, name: string): unknown => JSON.parse(query.get(name) ?? 'null');

function listed(names: string[], query: URLSearchParams): string[] {
  const [start, end] = [jsonOf(query, 'startkey') as string | null, jsonOf(query, 'endkey') as string | null];
  return names.filter((name) => (start === null || name >= start) && (end === null || name <= end));
}

/** One row a line, as CouchDB writes them: the gate reads by the line. */
function lines(head: string, rows: unknown[], tail: string): string {
  return `${head}[\n${rows.map((row) => JSON.stringify(row)).join(',\n')}\n]${tail}\n`;
}

function changes({ documents, instance }: StoredDatabase, query: URLSearchParams, body: Json): string {
  const limit = query.has('limit') ? Math.max(1, Number(query.get('limit'))) : Infinity;
  const ids = query.get('filter') === '_doc_ids' ? new Set(body['doc_ids'] as string[]) : null;
  const from = flag(query, 'descending') ? 0 : placeOf(query.get('since') ?? '0', instance, documents.last());
  const all = flag(query, 'descending') ? documents.newest(limit) : documents.changes(from, ids ? Infinity : limit);
  const found = ids ? all.filter(({ id }) => ids.has(id)).slice(0, limit) : all;
  const last = found.length < limit && !flag(query, 'descending') ? documents.last() : (found.at(-1)?.seq ?? from);
  const rows = found.map((change) => changeRow(change, instance, query));
  return lines('{"results":', rows, `,\n"last_seq":"${last}-${instance}","pending":0}`);
}

function placeOf(since: string, instance: string, last: number): number {
  if (since === 'now') return last;
  const [seq = '', of] = since.split('-');
  if (!/^\d+$/.test(seq)) throw new Fault(400, 'bad_request', 'Malformed sequence supplied in `since` parameter.');
  return (of !== undefined && of !== instance) || Number(seq) > last ? 0 : Number(seq);
}

function changeRow({ id, seq, tree }: Change, instance: string, query: URLSearchParams) {
  const winner = winnerOf(tree);
  const leaves = query.get('style') === 'all_docs' ? [...tree.leaves] : [];
  const revs = [winner, ...leaves.filter((leaf) => leaf !== winner)].map(({ rev }) => ({ rev }));
  return {
    seq: `${seq}-${instance}`,
    id,
    changes: revs,
    ...(winner.isDeleted && { deleted: true }),
    ...(flag(query, 'include_docs') && { doc: docOf(tree, winner, { conflicts: flag(query, 'conflicts') }) })
  };
}

function allDocs({ documents }: StoredDatabase, query: URLSearchParams, body: Json): string {
  const keys = (body['keys'] ?? jsonOf(query, 'keys')) as string[] | null;
  const total = [...documents.trees.values()].filter((tree) => !winnerOf(tree).isDeleted);
  const rows = keys
    ? keys.map((key) => keyRow(documents.tree(key), key, query))
    : range(total, query).map((tree) => docRow(tree, query));
  return lines(`{"total_rows":${total.length},"offset":0,"rows":`, rows, '}');
}

function range(living: Tree[], query: URLSearchParams): Tree[] {
  const descending = flag(query, 'descending');
  const [start, end] = ['startkey', 'endkey'].map((name) => jsonOf(query, name) as string | null);
  const [low, high] = descending ? [end, start] : [start, end];
  const found = living
    .filter(({ id }) => (low === null || id >= low!) && (high === null || id <= high!))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  if (descending) found.reverse();
  const skip = Number(query.get('skip') ?? 0);
  return found.slice(skip, query.has('limit') ? skip + Number(query.get('limit')) : undefined);
}

function docRow(tree: Tree, query: URLSearchParams) {
  const winner = winnerOf(tree);
  const doc = flag(query, 'include_docs') && { doc: docOf(tree, winner, { conflicts: flag(query, 'conflicts') }) };
  return { id: tree.id, key: tree.id, value: { rev: winner.rev }, ...doc };
}

function keyRow(tree: Tree | undefined, key: string, query: URLSearchParams) {
  if (!tree) return { key, error: 'not_found' };
  const winner = winnerOf(tree);
  if (!winner.isDeleted) return docRow(tree, query);
  const doc = flag(query, 'include_docs') && { doc: null };
  return { id: key, key, value: { rev: winner.rev, deleted: true }, ...doc };
}

function living({ documents }: StoredDatabase, id: string): { tree: Tree; winner: Revision } {
  const tree = documents.tree(id);
  if (!tree) throw missing();
  const winner = winnerOf(tree);
  if (winner.isDeleted) throw missing('deleted');
  return { tree, winner };
}

function read(database: StoredDatabase, id: string, query: URLSearchParams): unknown {
  const how = { revs: flag(query, 'revs'), conflicts: flag(query, 'conflicts') };
  const openRevs = query.get('open_revs');
  const tree = database.documents.tree(id);
  if (openRevs === 'all') {
    if (!tree) throw missing();
    return [...tree.leaves].map((leaf) => ({ ok: docOf(tree, leaf, { revs: how.revs }) }));
  }
  if (openRevs !== null)
    return (JSON.parse(openRevs) as string[]).flatMap((rev): object[] => {
      const found = readable(tree, rev, flag(query, 'latest'));
      return found.length > 0 ? found.map((each) => ({ ok: docOf(tree!, each, how) })) : [{ missing: rev }];
    });
  const rev = query.get('rev');
  if (rev === null) {
    const { winner } = living(database, id);
    return docOf(tree!, winner, how);
  }
  const [found] = readable(tree, rev, flag(query, 'latest'));
  if (!found) throw missing();
  return docOf(tree!, found, how);
}

/** The revision if its fields are still there; with `latest` the leaves that came of it. */
function readable(tree: Tree | undefined, rev: string, latest: boolean): Revision[] {
  const revision = tree?.revisions.get(rev);
  if (!tree || !revision) return [];
  if (latest) return [...tree.leaves].filter((leaf) => isAfter(leaf, revision));
  return revision.fields ? [revision] : [];
}

function isAfter(leaf: Revision, ancestor: Revision): boolean {
  for (let at: Revision | null = leaf; at; at = at.parent) if (at === ancestor) return true;
  return false;
}

function bulkGet({ documents }: StoredDatabase, body: Json, query: URLSearchParams) {
  const results = (body['docs'] as { id: string; rev?: string }[]).map(({ id, rev }) => {
    const tree = documents.tree(id);
    const found = rev === undefined ? (tree ? [winnerOf(tree)] : []) : readable(tree, rev, flag(query, 'latest'));
    if (found.length === 0)
      return { id, docs: [{ error: { id, rev: rev ?? 'undefined', error: 'not_found', reason: 'missing' } }] };
    return { id, docs: found.map((each) => ({ ok: docOf(tree!, each, { revs: flag(query, 'revs') }) })) };
  });
  return { results };
}

function revsDiff({ documents }: StoredDatabase, body: Json) {
  const rows = Object.entries(body as Record<string, string[]>).flatMap(([id, revs]) => {
    const tree = documents.tree(id);
    const unknown = tree ? revs.filter((rev) => !tree.revisions.has(rev)) : revs;
    if (unknown.length === 0) return [];
    const newest = Math.max(...unknown.map((rev) => parseInt(rev, 10)));
    const parents = [...(tree?.leaves ?? [])].filter(({ generation }) => generation < newest).map(({ rev }) => rev);
    return [[id, parents.length > 0 ? { missing: unknown, possible_ancestors: parents } : { missing: unknown }]];
  });
  return Object.fromEntries(rows) as object;
}

function bulkDocs(at: At, { docs, new_edits: newEdits = true }: Json) {
  if (!Array.isArray(docs)) throw new Fault(400, 'bad_request', 'POST body must include `docs` parameter.');
  if (newEdits !== false) return (docs as Doc[]).map((doc) => bulkRow(at, doc));
  for (const doc of docs as Doc[]) {
    if (!isSound(doc) || (doc._rev === undefined && !doc._revisions))
      throw new Fault(400, 'bad_request', 'With `new_edits: false` a document needs a revision.');
  }
  for (const doc of docs as Stored[]) take(at, doc);
  return [];
}

function bulkRow(at: At, doc: Doc) {
  const { _id: id } = doc;
  if (id.startsWith('_local/')) return (at.database.locals.set(id, doc), { ok: true, id, rev: '0-1' });
  try {
    return put(at, doc);
  } catch (error) {
    return { id, error: (error as Fault).error, reason: (error as Fault).message };
  }
}

function put(at: At, doc: Doc): { ok: true; id: string; rev: string } {
  if (!isSound(doc)) throw new Fault(400, 'doc_validation', 'Bad special document member');
  const rev = at.database.documents.put(doc);
  if (rev === null) throw new Fault(409, 'conflict', 'Document update conflict.');
  tell(at, doc._id, rev);
  return { ok: true, id: doc._id, rev };
}

function take(at: At, doc: Stored): void {
  const before = at.database.documents.last();
  at.database.documents.take(doc);
  const rev = doc._rev ?? `${doc._revisions!.start}-${doc._revisions!.ids[0]}`;
  if (at.database.documents.last() > before) tell(at, doc._id, rev);
}

function tell({ name, database, committed }: At, id: string, rev: string): void {
  const tree = database.documents.tree(id)!;
  const [doc, winner] = [tree.revisions.get(rev)!, winnerOf(tree)].map((revision) => docOf(tree, revision));
  committed({ database: name, id, seq: tree.seq, doc: doc!, winner: winner! });
}

function local({ locals }: StoredDatabase, method: string, path: string, doc: Doc): Answered {
  if (method === 'PUT') {
    locals.set(path, { ...doc, _id: path, _rev: '0-1' });
    return json(201, { ok: true, id: path, rev: '0-1' });
  }
  const found = locals.get(path);
  if (!found) throw missing();
  if (method === 'DELETE') return (locals.delete(path), json(200, { ok: true, id: path, rev: '0-1' }));
  return json(200, found);
}
