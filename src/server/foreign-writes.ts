import { ringOf, type Bell } from './bell.ts';
import type { Couch } from './couch.ts';
import type { Log } from './follow.ts';
import type { Newest } from './newest.ts';
import type { Timers } from './timers.ts';

type DbUpdates = { results: { db_name: string; type: string }[]; last_seq: string };

/** Tried again after a second, then ever less often, at least twice a minute. */
const firstRetryMs = 1_000;
const longestRetryMs = 30_000;
/** Beyond this many foreign changes at once their ids are not told; everybody then looks for herself. */
const mostIds = 1_000;

/**
 * Rings for what other processes wrote, by CouchDB's `_db_updates` (measured: 300–500 ms late), the only feed that does not grow with
 * the number of circles. What this process wrote has rung already: where the newest sequence is known, nothing behind it is
 * news, unless there are copies: whoever looked at the first ring may have asked one that did not have the write yet. Each node tells
 * of its own copy, so the last ring comes when all have it.
 */
export function followForeignWrites(deps: { couch: Couch; bell: Bell; newest: Newest; timers: Timers; log: Log }) {
  const { couch, bell, newest, timers, log } = deps;
  const ending = new AbortController();

  const updates = async (query: Record<string, string>): Promise<DbUpdates> => {
    const response = await couch.request('GET', '_db_updates', { query, signal: ending.signal });
    if (!response.ok) throw new Error(`_db_updates answered ${response.status}`);
    return (await response.json()) as DbUpdates;
  };

  const hear = async (name: string) => {
    const since = await newest.known(name);
    if (!since) {
      const ring = ringOf(name);
      return void (ring && bell.ring(ring));
    }
    const { results, last_seq } = await couch.database(name).changes({ since, limit: mostIds });
    const ids = results.length < mostIds ? results.map(({ id }) => id) : undefined;
    const ring = ringOf(name, { seq: last_seq, ids });
    if (ring && (results.length > 0 || newest.inCopies())) bell.ring(ring);
  };

  let since: string | null = null;
  let retryMs = firstRetryMs;
  let nowListening = () => {};
  const listening = new Promise<void>((resolve) => (nowListening = resolve));

  const listen = async () => {
    if (since === null) {
      const made = await couch.request('PUT', '_global_changes', { query: { q: '1' } });
      await made.body?.cancel();
      since = (await updates({ since: 'now' })).last_seq;
      nowListening();
    }
    const { results, last_seq } = await updates({ feed: 'longpoll', since, timeout: '60000' });
    since = last_seq;
    retryMs = firstRetryMs;
    const changed = results.filter(({ db_name, type }) => type === 'updated' && db_name.startsWith(couch.prefix));
    await Promise.all([...new Set(changed.map(({ db_name }) => db_name.slice(couch.prefix.length)))].map(hear));
  };

  const keepListening = async () => {
    while (!ending.signal.aborted) {
      try {
        await listen();
      } catch (error) {
        if (ending.signal.aborted) return;
        log.error(
          { retryInSeconds: retryMs / 1000, error: String(error) },
          "cannot hear of other hubs' writes and tries again by itself; devices hear late until it can. See whether CouchDB answers"
        );
        await pause(retryMs);
        retryMs = Math.min(retryMs * 2, longestRetryMs);
      }
    }
  };
  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      const over = () => {
        timers.clear(timer);
        ending.signal.removeEventListener('abort', over);
        resolve();
      };
      const timer = timers.set(over, ms);
      ending.signal.addEventListener('abort', over);
    });
  const ended = keepListening();

  return {
    /** Resolves once no write can be missed any more. */
    listening,
    async stop(): Promise<void> {
      ending.abort();
      await ended;
    }
  };
}
