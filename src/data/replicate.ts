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
    const taken = await takeMissing(log, remote, results.map(leavesOf));
    if (last !== from) await reached(last, taken);
    if (results.length < page) return;
    from = last;
  }
}

/** A document as a page of the hub's tells it: all its leaves, and the winning one's fields where they came along. */
export type PageRow = { id: string; revs: string[]; doc?: Stored };

/**
 * A document new to the device goes straight in, with a history of its own; one that the device has, or with several
 * leaves, needs its history first: without `_revisions` PouchDB makes a branch that never heals (design §1). Resolves
 * with how many revisions were taken.
 */
export async function takeMissing(log: Log, remote: Remote, rows: PageRow[]): Promise<number> {
  if (rows.length === 0) return 0;
  const known = await log.known(rows.map((row) => row.id));
  const isWhole = (row: PageRow) => row.revs.length === 1 && row.doc?._rev === row.revs[0] && !known.has(row.id);
  const others = rows.filter((row) => !isWhole(row));
  const missing = others.length ? await log.missing(Object.fromEntries(others.map(({ id, revs }) => [id, revs]))) : {};
  const asked = Object.entries(missing).flatMap(([id, revs]) => revs.map((rev): RevRef => ({ id, rev })));
  const fetched = asked.length ? await remote.bulkGet(asked) : [];
  const docs = [...rows.filter(isWhole).map((row) => startHistory(row.doc!)), ...fetched];
  await log.take(docs);
  return docs.length;
}

export function leavesOf({ id, changes, doc }: RemoteChange): PageRow {
  return { id, revs: changes.map((change) => change.rev), doc };
}
