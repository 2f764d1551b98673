import { allotmentId } from '#domain/allotment/allotment.ts';
import { isAccountId, parseRecordId } from '#domain/id.ts';
import type { CouchChange, Database } from '../couch-database.ts';
import { firstTermsId } from '../notary/first-terms.ts';
import { sentToId } from '../delivery.ts';
import type { Doc, Local } from './format.ts';

/** Documents asked for at once; an allotment of a lively thing may have some hundred kB. */
const docsAtOnce = 200;
const localsAtOnce = 16;

/** Whether the hub itself made a database of this name: a prefix may be the beginning of another hub's. */
export function isHubDatabase(name: string): boolean {
  return name === 'system' || /^(c|me)-/.test(name);
}

/**
 * Every leaf revision of a database in the order of its changes, while it is being written too: whatever changes meanwhile comes
 * again at the end, so that what was read amounts to the database at one sequence.
 */
export async function* dumpDocuments(database: Database): AsyncGenerator<Doc> {
  for (let since = '0'; ;) {
    const { results, last_seq } = await database.changes({ since, limit: docsAtOnce, style: 'all_docs' });
    yield* await leavesOf(database, results);
    if (results.length < docsAtOnce) return;
    since = last_seq;
  }
}

/** A leaf that is not one any more has its successor further on in the changes. */
async function leavesOf(database: Database, changes: readonly CouchChange[]): Promise<Doc[]> {
  const docs = changes.flatMap(({ id, changes: leaves }) => leaves.map(({ rev }) => ({ id, rev })));
  if (docs.length === 0) return [];
  const response = await database.request('POST', '_bulk_get', { query: { revs: 'true' }, body: { docs } });
  if (!response.ok) throw new Error(`The database answered ${response.status} for documents of ${database.name}`);
  const { results } = (await response.json()) as { results: { docs: ({ ok: Doc } | { error: object })[] }[] };
  return results.flatMap((row) => row.docs.flatMap((each) => ('ok' in each ? [each.ok] : [])));
}

/**
 * The `_local` documents that the hub needs: where its followers are, the first terms of offers (R5), and to whom private words went
 * (R13). A database cannot list them, but they follow from the ids of its documents. Devices' checkpoints mean nothing elsewhere.
 */
export async function* dumpLocals(database: Database, ids: ReadonlySet<string>): AsyncGenerator<Local> {
  const wanted = localIds(database.name, ids);
  for (let at = 0; at < wanted.length; at += localsAtOnce) {
    const some = wanted.slice(at, at + localsAtOnce);
    const found = await Promise.all(some.map((id) => database.getLocal<Record<string, unknown>>(id)));
    for (const [index, local] of found.entries()) {
      if (!local) continue;
      const { _id, _rev, ...fields } = local;
      yield { id: some[index]!, fields };
    }
  }
}

function localIds(name: string, ids: ReadonlySet<string>): string[] {
  const records = [...ids].map((id) => ({ id, parts: parseRecordId(id) }));
  if (name.startsWith('c-')) {
    // Once there is an allotment it holds the terms itself.
    const offers = records.filter(({ id, parts }) => parts?.kind === 'listing' && !ids.has(allotmentId(id)));
    return ['notary', 'returned', ...offers.map(({ id }) => firstTermsId(id))];
  }
  if (!name.startsWith('me-')) return [];
  return ['delivery', ...records.filter(({ parts }) => isAccountId(parts?.author)).map(({ id }) => sentToId(id))];
}
