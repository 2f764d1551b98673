/** The hub's one client of its database: CouchDB and the embedded store speak the same protocol. */
import { openDatabase, type CouchPath, type CouchRequest, type Database } from './couch-database.ts';
import { accepted, CouchError } from './couch-error.ts';
import { keptConnections, type CouchSend } from './couch-http.ts';

export type Couch = {
  readonly prefix: string;
  readonly request: CouchRequest;
  database(name: string): Database;
  /** The name that the hub is known by there. */
  readonly user: string;
  /** Any call, and a database, on these credentials alone; the hub's own are not sent. */
  requestAs(credentials: Record<string, string>): CouchRequest;
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
    (credentials: Record<string, string>): CouchRequest =>
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
