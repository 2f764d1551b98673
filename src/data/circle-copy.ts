import { hubAuthor } from '#domain/id.ts';
import { coalesced } from './coalesced.ts';
import type { DeviceStore, Feed } from './device-store.ts';
import { join, type Joining } from './join.ts';
import type { Doc, Log } from './log.ts';
import { mergeConflicts } from './merge.ts';
import { catchUp } from './projector.ts';
import type { ReadModel } from './read-model.ts';
import { createRemote, RemoteError } from './remote.ts';
import { follow, takeTold, type Told } from './replicate.ts';
import { handBack, sendUnsent } from './send.ts';

/** A circle's copy tells what came of its work; the device adds the rest. */
export type CopyNews = {
  /** Rows of these listings, and of others beside them, may differ. */
  changed(circle: string, listings: Set<string>): void;
  /** Something began or ended to wait, or was refused. */
  unsentChanged(): void;
  /** Something waits that nobody has just written, and is not being sent. */
  toSend(circle: string): void;
  /** The hub has become older, and may lack what lies beside the records. */
  restored(circle: string): Promise<void>;
  joining(progress: { circle: string; done: number; total: number } | null): void;
};

export type CopyDeps = {
  account: string;
  circle: string;
  log: Log;
  model: ReadModel;
  store: DeviceStore;
  /** `<origin>/db/<circle>` and the fetch that knows what an answer says about the line. */
  url: string;
  fetch: typeof fetch;
  now: () => number;
  /** The hub's era, as `/api/me` told it last. */
  era: () => string;
  news: CopyNews;
};

// The hub's records may be larger than a member's: so many are within its 8 MB a request.
const returnedAtOnce = 50;

export type CircleCopy = ReturnType<typeof createCircleCopy>;

/** One circle (or `me`) on this device: its log, its way to the hub, its rows. */
export function createCircleCopy(deps: CopyDeps) {
  const { account, circle, log, model, store, news, now, era } = deps;
  const remote = createRemote(deps.url, deps.fetch);

  const feedOf = async (): Promise<Feed> => (await store.feeds.get(circle)) ?? { circle, since: null };
  const keep = (change: Partial<Feed>) =>
    store.transaction('rw', store.feeds, async () => {
      await store.feeds.put({ ...(await feedOf()), ...change });
    });

  /** Rows follow the log; conflicts of mine that came with it are merged (R10). */
  const project = coalesced(async () => {
    const caughtUp = await catchUp(model, log, circle);
    if (caughtUp.documents === 0) return;
    const at = now();
    const findings = caughtUp.faults.map((fault) => ({ circle, ...fault, at }));
    if (findings.length > 0) await store.findings.bulkPut(findings);
    news.changed(circle, caughtUp.listings);
    const mine = [...caughtUp.conflicted].filter((id) => id.startsWith(`${account}:`));
    if (mine.length === 0) return;
    await found.conflicted(mine);
    const merged = await catchUp(model, log, circle);
    news.changed(circle, merged.listings);
    news.toSend(circle);
  });

  async function markUnsent(ids: string[]): Promise<void> {
    for (const doc of await log.leaves(ids)) {
      // One row a record: sending takes all its leaves, so any of their revisions stands for them.
      await store.unsent.put({ circle, id: doc._id, rev: doc._rev, at: now() });
    }
    if (ids.length) news.unsentChanged();
  }

  const found = {
    lacking: markUnsent,
    conflicted: async (ids: string[]) => markUnsent(await mergeConflicts(log, ids))
  };

  const send = coalesced(async () => {
    const outcome = await sendUnsent(log, remote, store, circle, now);
    if (outcome.sent || outcome.refused.length) news.changed(circle, new Set());
    if (outcome.sent || outcome.refused.length || outcome.abandoned) news.unsentChanged();
  });

  /** What rings told since the last round, and whether the hub is to be asked all the same. */
  let heard: Told[] = [];
  let asks = false;

  const comeUp = coalesced(async () => {
    const [told, isAsked] = [heard, asks];
    [heard, asks] = [[], false];
    const feed = await feedOf();
    const isOfOldEra = feed.era !== era() && (feed.era !== undefined || feed.since !== null);
    if (isOfOldEra) await enterEra(feed);
    if (feed.since === null) return joinFrom(feed);
    if (isOfOldEra) return;
    if ((await takeAllTold(told, feed)) && !isAsked) return;
    try {
      await follow(log, remote, feed.since, async (since) => {
        // In this order, and although nothing was new: a tab that ended in between may have left the log ahead of the rows.
        await project();
        await keep({ since });
      });
    } catch (error) {
      // Part of a page may be in the log, and nobody asks again in a circle that I have just left.
      await project();
      // A place that the database does not understand is none: asked for again and again it would never do.
      if (!(error instanceof RemoteError && error.status === 400)) throw error;
      await keep({ since: null, joining: undefined });
      await joinFrom({ circle, since: null });
    }
  });

  const pull = (): Promise<void> => {
    asks = true;
    return comeUp();
  };

  /**
   * Shows at once what rings told. True where the place went along with all of it: it moves only over writes that were told
   * whole, one after the other, so that whatever a ring left out is asked for. Where a ring cannot say what was before it
   * (CouchDB), it shows all the same, and the hub is asked behind it.
   */
  async function takeAllTold(told: Told[], feed: Feed): Promise<boolean> {
    if (told.length === 0) return false;
    const open = new Set(told);
    const next = () => [...open].find(({ from, to }) => from === feed.since && to !== undefined);
    for (let one = next(); one && (await takeTold(log, one.docs)); one = next()) {
      open.delete(one);
      feed.since = one.to!;
    }
    for (const { from, docs } of open) if (from === undefined) await takeTold(log, docs);
    await project();
    if (open.size < told.length) await keep({ since: feed.since });
    return open.size === 0;
  }

  async function joinFrom(feed: Feed): Promise<void> {
    const joined = era();
    await replicated;
    let behind: Promise<void> = Promise.resolve();
    const taken = async (place: Joining) => {
      await keep({ joining: place, era: joined });
      // At most a page behind the log, while the next is written; the first is what the shelf waits for.
      await behind;
      behind = project();
      if (place.after === null) await behind;
      else behind.catch(() => undefined); // told below
      news.joining({ circle, done: place.done, total: place.total });
    };
    // A join that breaks off leaves nothing running behind it.
    const since = await join(log, remote, feed.joining, taken).finally(() => behind.then(project));
    await keep({ since, joining: undefined, era: joined });
    news.joining(null);
  }

  /**
   * The hub was restored: before anything is read from it, it gets back what it lost of its own records and of mine, and
   * is told that this was all. Cut off in between it is done once more. Then everything of the hub's is read again.
   */
  async function enterEra({ since }: Feed): Promise<void> {
    const entered = era();
    if (since !== null) {
      await handBack(log, remote, hubAuthor, 0, { lacking: returnLost, conflicted: async () => undefined });
      await handBack(log, remote, account, 0, found);
      await send();
      await news.restored(circle);
    }
    await remote.returned([]);
    if (since !== null) {
      const { seq } = await remote.info();
      await log.pull(remote.url, remote.fetch, '0');
      await keep({ handedBack: 0, since: seq, checkpoint: undefined });
      await project();
    }
    await keep({ era: entered });
  }

  async function returnLost(ids: string[]): Promise<void> {
    for (let from = 0; from < ids.length; from += returnedAtOnce) {
      const leaves = await log.leaves(ids.slice(from, from + returnedAtOnce));
      await remote.returned(leaves.filter((leaf) => leaf.signature));
    }
  }

  /** Joining waits for the safety net, which may be about to write older revisions than those that it takes. */
  let replicated: Promise<void> = Promise.resolve();

  /** The safety net: what of mine the hub lacks, then PouchDB's own replication over all of it. */
  const settle = coalesced(async () => {
    await pull();
    const feed = await feedOf();
    const handedBack = await handBack(log, remote, account, feed.handedBack ?? 0, found);
    await send();
    await keep({ handedBack });
    const first = feed.checkpoint ? undefined : (feed.since ?? undefined);
    const replicating = log.pull(remote.url, remote.fetch, first);
    replicated = replicating.catch(() => undefined);
    await replicating;
    await keep({ checkpoint: 'set' });
    await project();
  });

  return {
    circle,
    log,
    project,
    send,
    pull,
    settle,

    /** A ring told what was written: it shows without the hub being asked, who is asked where that was not all. */
    hear(told: Told): Promise<void> {
      heard.push(told);
      return comeUp();
    },

    /**
     * Saves a document of mine: noted as unsent, in the log, in the tables; then the page may go on. `logged` is told as
     * soon as it can be sent, which need not wait for the tables.
     */
    async save(doc: Doc, logged: () => void = () => undefined): Promise<void> {
      const before = await log.get(doc._id);
      await store.unsent.put({ circle, id: doc._id, rev: '', at: now() });
      try {
        const rev = await log.put({ ...doc, _rev: doc._rev ?? before?._rev });
        await store.unsent.put({ circle, id: doc._id, rev, at: now() });
      } catch (error) {
        await unmark(doc._id, before?._rev);
        throw error;
      }
      logged();
      await store.refused.delete([circle, doc._id]);
      await project();
      news.unsentChanged();
    },

    close: () => log.close()
  };

  async function unmark(id: string, rev: string | undefined): Promise<void> {
    if (rev === undefined) await store.unsent.delete([circle, id]);
    else await store.unsent.put({ circle, id, rev, at: now() });
  }
}
