import type { Log, Stored } from './log.ts';
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
  reached: (since: string) => Promise<void>
): Promise<void> {
  for (let from = since; ;) {
    const { results, last } = await remote.changes(from, page);
    await takeMissing(log, remote, results.map(leavesOf));
    if (last !== from) await reached(last);
    if (results.length < page) return;
    from = last;
  }
}

/** What a ring told was written, each document with its whole history; all of it between two sequences where `from` is given. */
export type Told = { docs: Stored[]; from?: string; to?: string };

/**
 * Takes in what a ring told and answers whether all of it is in the log. A document that the log has without the revision
 * this one was made on waits for the fast path: a branch of its own would never heal (design §1).
 */
export async function takeTold(log: Log, docs: Stored[]): Promise<boolean> {
  const known = await log.known(docs.map(({ _id }) => _id));
  // A write may bring several leaves of one document.
  const asked = Map.groupBy(
    docs.filter(({ _id }) => known.has(_id)),
    ({ _id }) => _id
  );
  const lines = [...asked].map(([id, leaves]): [string, string[]] => [id, [...new Set(leaves.flatMap(lineOf))]]);
  const missing = lines.length ? await log.missing(Object.fromEntries(lines)) : {};
  const isNew = ({ _id, _rev }: Stored) => !known.has(_id) || missing[_id]?.includes(_rev);
  const fits = (doc: Stored) => !known.has(doc._id) || !missing[doc._id]?.includes(lineOf(doc).at(-1)!);
  const wanted = docs.filter(isNew);
  const taken = wanted.filter(fits);
  await log.take(taken);
  return taken.length === wanted.length;
}

/** A revision and, where it has one, the one it was made on. */
function lineOf({ _rev, _revisions }: Stored): string[] {
  const parent = _revisions?.ids[1];
  return parent === undefined ? [_rev] : [_rev, `${_revisions!.start - 1}-${parent}`];
}

/** A document as a page of the hub's tells it: all its leaves, and the winning one's fields where they came along. */
export type PageRow = { id: string; revs: string[]; doc?: Stored };

/** The fields of its only leaf came along. */
export const isSingle = ({ revs, doc }: PageRow): boolean => revs.length === 1 && doc?._rev === revs[0];

/** The same, and there is no history that it could lack. */
const isFirst = (row: PageRow): boolean => isSingle(row) && row.revs[0]!.startsWith('1-');

/**
 * A document new to the device goes straight in where it is whole; one that the device has, or with several leaves, needs
 * its history first: without `_revisions` PouchDB makes a branch that never heals (design §1). The same would come of a
 * revision taken without its history while the safety net waits for an answer that has an older one, so that by default
 * only first revisions are whole. Resolves with how many revisions were taken.
 */
export async function takeMissing(
  log: Log,
  remote: Remote,
  rows: PageRow[],
  isWhole: (row: PageRow) => boolean = isFirst
): Promise<number> {
  if (rows.length === 0) return 0;
  const whole = rows.filter(isWhole);
  const known = whole.length ? await log.takeNew(whole.map((row) => row.doc!)) : new Set<string>();
  const others = rows.filter((row) => !isWhole(row) || known.has(row.id));
  const missing = others.length ? await log.missing(Object.fromEntries(others.map(({ id, revs }) => [id, revs]))) : {};
  const asked = Object.entries(missing).flatMap(([id, revs]) => revs.map((rev): RevRef => ({ id, rev })));
  const fetched = asked.length ? await remote.bulkGet(asked) : [];
  await log.take(fetched);
  return whole.length - known.size + fetched.length;
}

export function leavesOf({ id, changes, doc }: RemoteChange): PageRow {
  return { id, revs: changes.map((change) => change.rev), doc };
}
