import type { CouchAnswer } from './couch-http.ts';

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

/** The parsed body of a 2xx answer, else the error that the database named. */
export async function accepted<T>(response: CouchAnswer): Promise<T> {
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

/** The same of one document: null where there is none; a database that is not there is an error all the same. */
export async function found<T>(response: CouchAnswer): Promise<T | null> {
  if (response.status !== 404) return accepted<T>(response);
  const { reason } = (await response.json()) as { reason?: string };
  if (reason === 'Database does not exist.' || reason === 'no_db_file') throw new CouchError(404, 'not_found', reason);
  return null;
}
