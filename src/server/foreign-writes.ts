import { ringOf, type Bell } from './bell.ts';
import type { Couch } from './couch.ts';
import type { Log } from './follow.ts';
import type { Newest } from './newest.ts';
import type { Timers } from './timers.ts';

type DbUpdates = { results: { db_name: string; type: string }[]; last_seq: string };

const retryMs = 1_000;
/** Beyond this many foreign changes at once their ids are not told; everybody then looks for herself. */
const mostIds = 1_000;

/**
 * Rings for what other processes wrote, by CouchDB's `_db_updates` (measured: 300–500 ms late), the only feed that does not grow with
 * the number of circles. What this process wrote has rung already: where the newest sequence is known, nothing behind it is
 * news. Resolves `stop` when the feed is closed.
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
    if (ring && results.length > 0) bell.ring(ring);
  };

  const listen = async () => {
    const made = await couch.request('PUT', '_global_changes', { query: { q: '1' } });
    await made.body?.cancel();
    let since = (await updates({ since: 'now' })).last_seq;
    while (!ending.signal.aborted) {
      const { results, last_seq } = await updates({ feed: 'longpoll', since, timeout: '60000' });
      since = last_seq;
      const changed = results.filter(({ db_name, type }) => type === 'updated' && db_name.startsWith(couch.prefix));
      const names = new Set(changed.map(({ db_name }) => db_name.slice(couch.prefix.length)));
      await Promise.all([...names].map(hear));
    }
  };

  const keepListening = async () => {
    while (!ending.signal.aborted) {
      try {
        await listen();
      } catch (error) {
        if (ending.signal.aborted) return;
        log.error({ error: String(error) }, 'cannot hear of other processes’ writes, trying again');
        await new Promise<void>((resolve) => {
          timers.set(resolve, retryMs);
        });
      }
    }
  };
  const ended = keepListening();

  return {
    async stop(): Promise<void> {
      ending.abort();
      await ended;
    }
  };
}
