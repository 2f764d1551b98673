import type { CouchAnswer } from '../couch-http.ts';
import type { CouchInit, CouchPath, Database } from '../couch-database.ts';
import { CouchError } from '../couch-error.ts';
import { databaseDown, GateFault } from './answer.ts';

// A write that takes longer than this has met a database that is as good as down.
const answerWithinMs = 60_000;

// What CouchDB says of a request that got this far and was still wrong; anything else is the hub's own trouble, not the member's.
const tellable = new Set([400, 404, 409, 412, 413, 415]);

/** Asks the database. A refusal of its own is passed on in its words and without its headers; a failure is 503. */
export async function ask(
  database: Database,
  method: string,
  path: CouchPath,
  init: CouchInit = {}
): Promise<CouchAnswer> {
  const response = await send(database, method, path, { signal: AbortSignal.timeout(answerWithinMs), ...init });
  if (response.ok) return response;
  const { error = 'unknown', reason = '' } = (await response.json().catch(() => ({}))) as {
    error?: string;
    reason?: string;
  };
  if (tellable.has(response.status)) throw new GateFault(response.status, error, reason);
  throw databaseDown();
}

async function send(database: Database, method: string, path: CouchPath, init: CouchInit): Promise<CouchAnswer> {
  try {
    return await database.request(method, path, init);
  } catch (error) {
    if (error instanceof CouchError || (error as Error).name === 'TimeoutError') throw databaseDown();
    throw error;
  }
}
