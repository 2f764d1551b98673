/** The hub's one client of its database: CouchDB and the embedded store speak the same protocol. */
import { keptConnections, type CouchAnswer, type CouchSend } from './couch-http.ts';

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

/** The answer was not what the call can go on with; `error` is CouchDB's own word, `status` 0 when there was no answer at all. */
export class CouchError extends Error {
  readonly status: number;
  readonly error: string;
  constructor(status: number, error: string, reason: string, options?: ErrorOptions) {
    super(reason, options);
    this.name = 'CouchError';
    this.status = status;
    this.error = error;
  }
}

/** Somebody else wrote the document first (409). */
export class CouchConflict extends CouchError {
  constructor(reason: string) {
    super(409, 'conflict', reason);
    this.name = 'CouchConflict';
  }
}

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
  request(method: string, path: CouchPath, init?: CouchInit): Promise<CouchAnswer>;
};

export type Couch = {
  readonly prefix: string;
  /** Any call; rejects with CouchError (status 0) only when no answer came, else resolves whatever the status. */
  request(method: string, path: CouchPath, init?: CouchInit): Promise<CouchAnswer>;
  database(name: string): Database;
  /** The name that the hub is known by there. */
  readonly user: string;
  /** Any call, and a database, on these credentials alone; the hub's own are not sent. */
  requestAs(credentials: Record<string, string>): Couch['request'];
  databaseAs(name: string, credentials: Record<string, string>): Database;
  /** Makes the database unless it is there. */
  ensure(name: string): Promise<Database>;
  /** Names of the databases under the prefix, without it. */
  list(): Promise<string[]>;
  up(): Promise<boolean>;
};

/** Segments are encoded one by one; `.` and `..` would be folded away by any URL parser, so they never pass. */
const encodePath = (path: CouchPath): string => {
  const segments = typeof path === 'string' ? path.split('/') : path;
  return segments
    .map((segment) => {
      if (segment === '.' || segment === '..') throw new TypeError('A path segment may not be dots');
      return encodeURIComponent(segment);
    })
    .join('/');
};

/** Opens nothing by itself. Credentials are taken out of the address at once, so that no error message can show them. */
export function connectCouch(options: { url: string; prefix: string; fetch?: CouchSend }): Couch {
  const { prefix, fetch: send = keptConnections() } = options;
  const address = new URL(options.url);
  const user = decodeURIComponent(address.username);
  const password = decodeURIComponent(address.password);
  const base = `${address.origin}${address.pathname.replace(/\/+$/, '')}/`;
  const own: Record<string, string> = user
    ? { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` }
    : {};

  const requestAs =
    (credentials: Record<string, string>): Couch['request'] =>
    async (method, path, init = {}) => {
      const query = init.query && Object.keys(init.query).length > 0 ? `?${new URLSearchParams(init.query)}` : '';
      const text = init.raw ?? (init.body === undefined ? undefined : JSON.stringify(init.body));
      const headers: Record<string, string> = { accept: 'application/json', ...init.headers, ...credentials };
      if (text !== undefined) headers['content-type'] = 'application/json';
      const url = base + encodePath(path) + query;
      try {
        return await send(url, { method, headers, body: text, signal: init.signal });
      } catch (cause) {
        if (init.signal?.aborted) throw init.signal.reason;
        throw new CouchError(0, 'unavailable', 'The database did not answer', { cause });
      }
    };

  const request = requestAs(own);
  const database = (name: string): Database => openDatabase(name, prefix + name, request);

  return {
    prefix,
    request,
    database,
    user,
    requestAs,
    databaseAs: (name, credentials) => openDatabase(name, prefix + name, requestAs(credentials)),
    async ensure(name) {
      const response = await request('PUT', [prefix + name], { query: { q: '1' } });
      if (response.status !== 412) await accepted(response);
      else await response.body?.cancel();
      return database(name);
    },
    async list() {
      const query = { startkey: JSON.stringify(prefix), endkey: JSON.stringify(`${prefix}\ufff0`) };
      const names = await accepted<string[]>(await request('GET', '_all_dbs', { query }));
      return names.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
    },
    async up() {
      try {
        const response = await request('GET', '_up', { signal: AbortSignal.timeout(upTimeoutMs) });
        await response.body?.cancel();
        return response.ok;
      } catch {
        return false;
      }
    }
  };
}

/** Health answers must be quick; a database that needs longer than this is as good as down. */
const upTimeoutMs = 3_000;

/** The parsed body of a 2xx answer, else the error that the database named. */
async function accepted<T>(response: CouchAnswer): Promise<T> {
  if (response.ok) return (await response.json()) as T;
  const text = await response.text();
  let error = 'unknown';
  let reason = `The database answered ${response.status}`;
  try {
    ({ error = error, reason = reason } = JSON.parse(text) as { error?: string; reason?: string });
  } catch {
    // A proxy in between may answer in its own words; the status says enough.
  }
  throw response.status === 409 ? new CouchConflict(reason) : new CouchError(response.status, error, reason);
}

async function found<T>(response: CouchAnswer): Promise<T | null> {
  if (response.status !== 404) return accepted<T>(response);
  const { reason } = (await response.json()) as { reason?: string };
  if (reason === 'Database does not exist.' || reason === 'no_db_file') throw new CouchError(404, 'not_found', reason);
  return null;
}

function openDatabase(name: string, fullName: string, send: Couch['request']): Database {
  const request: Database['request'] = (method, path, init) =>
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
