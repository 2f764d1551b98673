import { startHistory, type Log, type Stored } from './log.ts';
import type { Remote, RemoteChange, RevRef } from './remote.ts';

// A ring usually brings one or two; after a week away a page this long keeps both ends' memory flat.
const page = 500;

/**
 * The fast path: what the hub has after `since`, taken into the log, page by page. `reached` is told only after a page
 * is in the log, so that the place noted is never ahead of its rows.
 */
export async function follow(
  log: Log,
  remote: Remote,
  since: string,
  reached: (since: string, taken: number) => Promise<void>
): Promise<void> {
  for (let from = since; ;) {
    const { results, last } = await remote.changes(from, page);
    const taken = await takeChanges(log, remote, results);
    if (last !== from) await reached(last, taken);
    if (results.length < page) return;
    from = last;
  }
}

/**
 * A document new to the device goes straight in, with a history of its own; one that the device has, or with several
 * leaves, needs its history first: without `_revisions` PouchDB makes a branch that never heals (design §1).
 */
async function takeChanges(log: Log, remote: Remote, results: RemoteChange[]): Promise<number> {
  if (results.length === 0) return 0;
  const missing = await log.missing(
    Object.fromEntries(results.map((row) => [row.id, row.changes.map((change) => change.rev)]))
  );
  const wanted = results.filter((row) => missing[row.id]?.length);
  if (wanted.length === 0) return 0;
  const known = await log.known(wanted.map((row) => row.id));
  const straight = wanted.filter((row) => isWhole(row) && !known.has(row.id));
  const direct = new Set(straight.map((row) => row.id));
  const asked = wanted
    .filter((row) => !direct.has(row.id))
    .flatMap((row) => missing[row.id]!.map((rev): RevRef => ({ id: row.id, rev })));
  const fetched = asked.length ? await remote.bulkGet(asked) : [];
  const docs = [...straight.map((row) => startHistory(row.doc!)), ...fetched];
  await log.take(docs);
  return docs.length;
}

function isWhole(row: RemoteChange): row is RemoteChange & { doc: Stored } {
  return row.changes.length === 1 && row.doc?._rev === row.changes[0]!.rev;
}
