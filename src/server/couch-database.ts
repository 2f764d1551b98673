import { accepted, found } from './couch-error.ts';
import type { CouchAnswer } from './couch-http.ts';

export type CouchInit = {
  query?: Record<string, string>;
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as it is, already JSON; wins over `body`. */
  raw?: string;
  headers?: Record<string, string>;
  signal?: AbortSignal;
};

/** A path as `name/_changes`, or as segments when one of them may hold a slash. Either way each segment is encoded here. */
export type CouchPath = string | readonly string[];

/** Any call; rejects with CouchError (status 0) only when no answer came, else resolves whatever the status. */
export type CouchRequest = (method: string, path: CouchPath, init?: CouchInit) => Promise<CouchAnswer>;

export type CouchRow = { id: string; rev?: string; ok?: true; error?: string; reason?: string };

export type CouchChange = {
  seq: string | null;
  id: string;
  changes: { rev: string }[];
  deleted?: true;
  doc?: Record<string, unknown>;
};

export type CouchListed<T> = { id: string; key: string; value: { rev: string; deleted?: true }; doc?: T | null };

export type ChangesOptions = {
  since?: string;
  limit?: number;
  style?: 'main_only' | 'all_docs';
  feed?: 'normal' | 'longpoll';
  includeDocs?: boolean;
  conflicts?: boolean;
  descending?: boolean;
  timeoutMs?: number;
  signal?: AbortSignal;
};

export type ListOptions = {
  keys?: readonly string[];
  startKey?: string;
  endKey?: string;
  limit?: number;
  skip?: number;
  descending?: boolean;
  includeDocs?: boolean;
  conflicts?: boolean;
};

/** One database. `name` is without the prefix; every call rejects with CouchError unless it says otherwise. */
export type Database = {
  readonly name: string;
  /** The winning revision, or null when there is none or it is deleted. */
  get<T>(id: string): Promise<T | null>;
  /** Rejects with CouchConflict when `_rev` is not the winning one. */
  put(doc: { _id: string }): Promise<{ rev: string }>;
  /** Rows as the database answers them: with `newEdits: false` only the refused ones. */
  bulkDocs(docs: readonly object[], options?: { newEdits?: boolean }): Promise<CouchRow[]>;
  allDocs<T = Record<string, unknown>>(options?: ListOptions): Promise<{ total_rows: number; rows: CouchListed<T>[] }>;
  changes(options?: ChangesOptions): Promise<{ results: CouchChange[]; last_seq: string; pending?: number }>;
  /** A `_local` document, never replicated; `id` is without `_local/`. */
  getLocal<T>(id: string): Promise<T | null>;
  /** Overwrites whatever stands there. */
  putLocal(id: string, doc: object): Promise<void>;
  /** Removes the database; one that is not there is no error. */
  destroy(): Promise<void>;
  readonly request: CouchRequest;
};

/** Opens nothing by itself: a name to put before each path. */
export function openDatabase(name: string, fullName: string, send: CouchRequest): Database {
  const request: CouchRequest = (method, path, init) =>
    send(method, [fullName, ...(typeof path === 'string' ? path.split('/') : path)], init);

  return {
    name,
    request,
    get: async <T>(id: string) => found<T>(await request('GET', documentPath(id))),
    put: async (doc) => accepted<{ rev: string }>(await request('PUT', documentPath(doc._id), { body: doc })),
    async bulkDocs(docs, { newEdits = true } = {}) {
      const body = newEdits ? { docs } : { docs, new_edits: false };
      return accepted<CouchRow[]>(await request('POST', '_bulk_docs', { body }));
    },
    async allDocs(options = {}) {
      const query = listQuery(options);
      const body = options.keys ? { keys: options.keys } : undefined;
      return accepted(await request(body ? 'POST' : 'GET', '_all_docs', { query, body }));
    },
    async changes(options = {}) {
      return accepted(await request('GET', '_changes', { query: changesQuery(options), signal: options.signal }));
    },
    getLocal: async <T>(id: string) => found<T>(await request('GET', ['_local', id])),
    async putLocal(id, doc) {
      for (;;) {
        const before = await found<{ _rev: string }>(await request('GET', ['_local', id]));
        const body = { ...doc, _id: `_local/${id}`, _rev: before?._rev };
        const response = await request('PUT', ['_local', id], { body });
        if (response.status !== 409) return void (await accepted(response));
        await response.body?.cancel();
      }
    },
    async destroy() {
      const response = await send('DELETE', [fullName]);
      if (response.status !== 404) await accepted(response);
      else await response.body?.cancel();
    }
  };
}

/** `_local/x` and `_design/x` keep their first slash, as CouchDB wants it. */
const documentPath = (id: string): string[] => {
  const special = /^(_local|_design)\/(.+)$/s.exec(id);
  return special ? [special[1]!, special[2]!] : [id];
};

function listQuery(options: ListOptions): Record<string, string> {
  const query: Record<string, string> = {};
  if (options.startKey !== undefined) query['startkey'] = JSON.stringify(options.startKey);
  if (options.endKey !== undefined) query['endkey'] = JSON.stringify(options.endKey);
  if (options.limit !== undefined) query['limit'] = String(options.limit);
  if (options.skip !== undefined) query['skip'] = String(options.skip);
  if (options.descending) query['descending'] = 'true';
  if (options.includeDocs) query['include_docs'] = 'true';
  if (options.conflicts) query['conflicts'] = 'true';
  return query;
}

function changesQuery(options: ChangesOptions): Record<string, string> {
  const query: Record<string, string> = {};
  if (options.since !== undefined) query['since'] = options.since;
  if (options.limit !== undefined) query['limit'] = String(options.limit);
  if (options.style) query['style'] = options.style;
  if (options.feed) query['feed'] = options.feed;
  if (options.includeDocs) query['include_docs'] = 'true';
  if (options.conflicts) query['conflicts'] = 'true';
  if (options.descending) query['descending'] = 'true';
  if (options.timeoutMs !== undefined) query['timeout'] = String(options.timeoutMs);
  return query;
}
