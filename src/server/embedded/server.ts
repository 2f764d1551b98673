import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { spanHeader, spanText } from '../spans.ts';
import { sendAllDocs } from './all-docs.ts';
import { sendChanges } from './changes.ts';
import { sendDbUpdates } from './db-updates.ts';
import { databaseName, type Databases, type Open } from './databases.ts';
import { bulkGet, readDocument, readLocal, revsDiff } from './documents.ts';
import { readObject, sendJson, StoreFault, type Call } from './http.ts';
import type { Doc, PouchFault } from './pouch.ts';
import { sequenceText } from './sequence.ts';
import { bulkDocs, deleteDocument, deleteLocal, putDocument, putLocal } from './writes.ts';

/** The part of CouchDB's interface that the hub uses, in CouchDB's statuses and shapes, for whoever knows the secret. */
export function createStoreServer(databases: Databases, user: string, secret: string): Server {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  const expected = digest(`Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}`);
  // The hub alone connects, and it closes what it no longer needs; a connection closed from this side could be one it is just using.
  return createServer({ keepAliveTimeout: 0 }, (req, res) => {
    if (!timingSafeEqual(digest(req.headers.authorization ?? ''), expected)) {
      return sendJson(res, 401, { error: 'unauthorized', reason: 'Name or password is incorrect.' });
    }
    void answer(databases, req, res);
  });
}

async function answer(databases: Databases, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const gone = new AbortController();
  res.on('close', () => gone.abort());
  try {
    const [path = '/', search = ''] = (req.url ?? '/').split('?', 2);
    const segments = path.split('/').slice(1).map(decodeURIComponent);
    const call: Call = {
      req,
      res,
      method: req.method ?? 'GET',
      query: new URLSearchParams(search),
      signal: gone.signal
    };
    await route(databases, call, segments);
  } catch (error) {
    fail(res, error);
  }
}

/** Before the head is out a fault is an answer; afterwards only a broken connection tells the truth. */
function fail(res: ServerResponse, error: unknown): void {
  if (res.headersSent) return void res.destroy();
  if (error instanceof StoreFault) return sendJson(res, error.status, { error: error.error, reason: error.message });
  if (error instanceof URIError) return sendJson(res, 400, { error: 'bad_request', reason: 'Invalid path' });
  const { status, name, reason, message } = error as PouchFault;
  if (typeof status === 'number' && status >= 400 && status < 500)
    return sendJson(res, status, { error: name, reason: reason ?? message });
  console.error(error);
  sendJson(res, 500, { error: 'internal_server_error', reason: 'The store failed' });
}

async function route(databases: Databases, call: Call, [name = '', ...rest]: string[]): Promise<void> {
  const { method, res } = call;
  if (rest.length > 0 && rest.at(-1) === '') rest.pop();
  if (!name || name.startsWith('_')) return serverRoute(databases, call, name);
  if (rest.length > 0) return databaseRoute(databases, call, name, rest);
  if (method === 'PUT') {
    if (!databaseName.test(name))
      throw new StoreFault(400, 'illegal_database_name', 'Only lowercase characters, digits and _$()+-/ are allowed.');
    if (await databases.create(name)) return sendJson(res, 201, { ok: true });
    throw new StoreFault(412, 'file_exists', 'The database could not be created, the file already exists.');
  }
  if (method === 'DELETE') {
    if (await databases.remove(name)) return sendJson(res, 200, { ok: true });
    throw noDatabase();
  }
  await inDatabase(databases, name, async (open) => sendJson(res, 200, await info(open)));
}

async function serverRoute(databases: Databases, call: Call, name: string): Promise<void> {
  const { res, query } = call;
  if (name === '') return sendJson(res, 200, { couchdb: 'Welcome', vendor: { name: 'Jujube embedded store' } });
  if (name === '_up') return sendJson(res, 200, { status: 'ok' });
  if (name === '_db_updates') return sendDbUpdates(call, databases.updates);
  if (name !== '_all_dbs') throw new StoreFault(404, 'not_found', 'missing');
  const start = query.get('startkey');
  const end = query.get('endkey');
  const inRange = (each: string) =>
    (start === null || each >= JSON.parse(start)) && (end === null || each <= JSON.parse(end));
  sendJson(res, 200, databases.names().filter(inRange));
}

const noDatabase = () => new StoreFault(404, 'not_found', 'Database does not exist.');

async function inDatabase(databases: Databases, name: string, work: (open: Open) => Promise<void>): Promise<void> {
  const done = await databases.use(name, async (open) => {
    await work(open);
    return true;
  });
  if (!done) throw noDatabase();
}

async function info({ name, pouch, instance, seq }: Open): Promise<object> {
  const { doc_count } = await pouch.info();
  return {
    db_name: name,
    doc_count,
    update_seq: sequenceText(seq, instance),
    purge_seq: '0',
    compact_running: false,
    instance_start_time: '0'
  };
}

async function databaseRoute(
  databases: Databases,
  call: Call,
  name: string,
  [first = '', second, third]: string[]
): Promise<void> {
  const { method, req, res, query } = call;
  if (third !== undefined) throw new StoreFault(404, 'not_found', 'missing');
  const body = method === 'POST' || method === 'PUT' ? await readObject(req) : {};
  if (first === '_changes') return sendChanges(call, databases, name, body);
  if (first === '_all_docs') return sendAllDocs(call, databases, name, body);
  const newEdits = query.get('new_edits') !== 'false' && body['new_edits'] !== false;
  await inDatabase(databases, name, async (open) => {
    if (first === '_bulk_docs') {
      const { rows, span } = await bulkDocs(databases, open, body['docs'], newEdits);
      return sendJson(res, 201, rows, { [spanHeader]: spanText(span) });
    }
    if (first === '_bulk_get') return sendJson(res, 200, await bulkGet(open, body, query));
    if (first === '_revs_diff') return sendJson(res, 200, await revsDiff(open, body));
    if (first === '_local' && second !== undefined) {
      if (method === 'PUT') return sendJson(res, 201, await putLocal(open, second, body as Doc));
      if (method === 'DELETE') return sendJson(res, 200, await deleteLocal(open, second));
      return sendJson(res, 200, await readLocal(open, second));
    }
    if (second !== undefined || first.startsWith('_')) throw new StoreFault(404, 'not_found', 'missing');
    if (method === 'PUT') return sendJson(res, 201, await putDocument(databases, open, first, body as Doc, newEdits));
    if (method === 'DELETE') return sendJson(res, 200, await deleteDocument(databases, open, first, query.get('rev')));
    sendJson(res, 200, await readDocument(open, first, query));
  });
}
