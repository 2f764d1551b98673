import { createDocuments, docOf } from '../../src/data/testing/documents.ts';
import type { Doc, Stored } from '../../src/data/log.ts';
import { spanHeader, spanText } from '#server/spans.ts';
import { plainAnswer } from './answer.ts';
import {
  Fault,
  json,
  living,
  missing,
  seqOf,
  type Answered,
  type Json,
  type StoredDatabase
} from './memory-database.ts';
import { allDocs, bulkGet, changes, info, listed, read, revsDiff } from './memory-reads.ts';
import { bulkDocs, put, type At, type Commit } from './memory-writes.ts';

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
