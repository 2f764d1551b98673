import type { Feed } from './device-store.ts';
import type { Log, Stored } from './log.ts';
import type { Remote } from './remote.ts';
import { isSingle, leavesOf, takeMissing, type PageRow } from './replicate.ts';

// One screenful several times over: what the shelf shows first is there after one answer.
const newestPage = 200;
// Few requests over a slow line, and a page is written in well under a second on a slow phone.
const bulkPage = 500;

export type Joining = NonNullable<Feed['joining']>;

/**
 * Joining (design §1): the newest page first, so that the shelf shows at once; then everything that is not here yet, in
 * bulk. Resolves with the hub's sequence noted before, from where `follow` goes on. An interrupted join goes on from
 * `before`. `taken` is told after each page is in the log; it projects and keeps the place. Documents come without their
 * histories: nothing else may bring any of them meanwhile.
 */
export async function join(
  log: Log,
  remote: Remote,
  before: Joining | undefined,
  taken: (place: Joining) => Promise<void>
): Promise<string> {
  let place = before;
  if (!place) {
    // One after the other: what is deleted after the newest page was read must come after `noted`, for the bulk that
    // follows tells of no deletion, and nothing would ever take it away again.
    const { seq, count } = await remote.info();
    const newest = await remote.newest(newestPage);
    await takeMissing(log, remote, newest.map(leavesOf), isSingle);
    place = { noted: seq, after: null, done: Math.min(newest.length, count), total: count };
    await taken(place);
    if (count === 0) return seq;
  }
  let next = remote.allDocs(place.after, bulkPage);
  for (;;) {
    const docs = await next;
    const last = docs.at(-1)?._id;
    const more = docs.length === bulkPage && last !== undefined;
    // The next page travels while this one is written. `after` itself comes once more, and is here already.
    if (more) next = remote.allDocs(last, bulkPage);
    next.catch(() => undefined);
    const written = await takeMissing(log, remote, docs.map(rowOf), isSingle);
    place = { ...place, after: last ?? place.after, done: Math.min(place.done + written, place.total) };
    await taken(place);
    if (!more) return place.noted;
  }
}

function rowOf(doc: Stored): PageRow {
  return { id: doc._id, revs: [doc._rev, ...(doc._conflicts ?? [])], doc };
}
