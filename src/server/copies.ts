import type { Database } from './couch-database.ts';
import { CouchError } from './couch-error.ts';

/**
 * How many copies of its databases a cluster keeps: 1 on a single node, and of the embedded store, which knows of no copies. Rejects with
 * CouchError when the database does not answer.
 */
export async function copiesOf(database: Database): Promise<number> {
  const response = await database.request('GET', []);
  const { cluster, error = 'unknown' } = (await response.json()) as { cluster?: { n: number }; error?: string };
  if (!response.ok) throw new CouchError(response.status, error, `The database answered ${response.status}`);
  return cluster?.n ?? 1;
}
