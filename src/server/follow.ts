import { databaseOf, type Bell, type DatabaseRing } from './bell.ts';
import type { Couch } from './couch.ts';
import type { Database } from './couch-database.ts';
import { CouchError } from './couch-error.ts';
import type { Timers } from './timers.ts';

export type Log = { error(fields: object, message: string): void };

export type Follower = {
  /** Says that there may be something new in the database of that name. */
  news(name: string): void;
  /** Resolves when all that was told of so far is done with. */
  settled(): Promise<void>;
  /** Resolves when what was under way is done; nothing begins after it. */
  stop(): Promise<void>;
  /** How many databases have news that is not done with, and how long the oldest of it has waited. */
  backlog(): { waiting: number; lagSeconds: number };
};

export type FollowerDeps = {
  couch: Couch;
  bell: Bell;
  clock: () => number;
  timers: Timers;
  log: Log;
  /** What the log calls it: the notary, the delivery. */
  name: string;
  /** Which databases are followed. */
  prefix: string;
  /** Whether a ring says that there is something to do. Left out, every ring does. */
  isNews?(ring: DatabaseRing): boolean;
  /** Reads and does all that is new in one database. Called again after it rejects, so it must bear repetition. */
  catchUp(database: Database): Promise<void>;
};

/** What arrives within this time is settled together (design §4). */
const coalesceMs = 50;
/** What fails is tried again after a second, then ever less often, at least twice a minute. */
const firstRetryMs = 1_000;
const longestRetryMs = 30_000;
/** Databases caught up with at once: enough to keep two cores busy, few enough to leave the gate its share. */
const atOnce = 4;

type Work = { sinceMs: number; newsMeanwhile: boolean; retryMs: number; timer?: unknown };

/**
 * Catches up with every database under a prefix: with all of them at the start, then with those that the bell rings for.
 * One database is never worked on twice at a time. One without news costs a look at the start and nothing afterwards.
 */
export function follow(deps: FollowerDeps): Follower {
  const { couch, bell, clock, timers, log, name: follower, prefix, catchUp, isNews = () => true } = deps;
  const works = new Map<string, Work>();
  const queue: string[] = [];
  let running = 0;
  let listed = false;
  let listTimer: unknown;
  let stopped = false;
  const waiters: (() => void)[] = [];

  const wake = () => {
    const done = stopped ? running === 0 : listed && works.size === 0;
    if (done) for (const waiter of waiters.splice(0)) waiter();
  };

  const enqueueAfter = (name: string, work: Work, ms: number) => {
    if (stopped) return;
    work.timer = timers.set(() => {
      queue.push(name);
      startQueued();
    }, ms);
  };

  const startQueued = () => {
    while (!stopped && running < atOnce && queue.length > 0) {
      const name = queue.shift()!;
      running++;
      void run(name, works.get(name)!).finally(() => {
        running--;
        startQueued();
        wake();
      });
    }
  };

  const run = async (name: string, work: Work) => {
    work.newsMeanwhile = false;
    const beganMs = clock();
    try {
      await catchUp(couch.database(name));
      work.retryMs = firstRetryMs;
      work.sinceMs = beganMs;
      if (work.newsMeanwhile) enqueueAfter(name, work, coalesceMs);
      else works.delete(name);
    } catch (error) {
      if (error instanceof CouchError && error.status === 404) return void works.delete(name);
      const retryInSeconds = work.retryMs / 1000;
      log.error(
        { part: follower, database: name, waiting: works.size, retryInSeconds, error: String(error) },
        'could not catch up and tries again by itself; if this goes on, see whether the database answers'
      );
      enqueueAfter(name, work, work.retryMs);
      work.retryMs = Math.min(work.retryMs * 2, longestRetryMs);
    }
  };

  const news = (name: string, ms = coalesceMs) => {
    const known = works.get(name);
    if (known) return void (known.newsMeanwhile = true);
    const work: Work = { sinceMs: clock(), newsMeanwhile: false, retryMs: firstRetryMs };
    works.set(name, work);
    enqueueAfter(name, work, ms);
  };

  const listAll = async (retryMs: number) => {
    try {
      for (const name of await couch.list()) if (name.startsWith(prefix)) news(name, 0);
      listed = true;
      wake();
    } catch (error) {
      log.error(
        { part: follower, retryInSeconds: retryMs / 1000, error: String(error) },
        'could not list the databases and tries again by itself; nothing is settled until it can'
      );
      listTimer = timers.set(() => void listAll(Math.min(retryMs * 2, longestRetryMs)), retryMs);
    }
  };

  const unlisten = bell.on((ring) => {
    if ('me' in ring) return;
    const name = databaseOf(ring);
    if (name.startsWith(prefix) && isNews(ring)) news(name);
  });
  void listAll(firstRetryMs);

  const whenDone = () => {
    const done = new Promise<void>((resolve) => void waiters.push(resolve));
    wake();
    return done;
  };

  return {
    news,
    settled: whenDone,
    backlog() {
      const oldestMs = Math.min(...[...works.values()].map(({ sinceMs }) => sinceMs));
      return { waiting: works.size, lagSeconds: works.size === 0 ? 0 : Math.max(0, clock() - oldestMs) / 1000 };
    },
    stop() {
      stopped = true;
      unlisten();
      timers.clear(listTimer);
      for (const work of works.values()) timers.clear(work.timer);
      return whenDone();
    }
  };
}
