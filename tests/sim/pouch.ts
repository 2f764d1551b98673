import memory from 'pouchdb-adapter-memory';
import PouchDB from 'pouchdb';
import type { Log } from '#data/log.ts';
import { createPouchLog, type PouchConstructor } from '#data/pouch-log.ts';

PouchDB.plugin(memory as never);

/**
 * Logs on real PouchDB (memory adapter). `idle` counts what PouchDB has under way, but for the exchanges of a replication:
 * those wait for the run's own clock.
 */
export function createPouchLogs() {
  let busy = 0;
  const open = new Map<string, Log>();

  const counted =
    <A extends unknown[], R>(work: (...args: A) => Promise<R>) =>
    (...args: A): Promise<R> => {
      busy++;
      return work(...args).finally(() => busy--);
    };

  function openLog(name: string): Log {
    const known = open.get(name);
    if (known) return known;
    const log = createPouchLog(PouchDB as unknown as PouchConstructor, name, { adapter: 'memory' });
    const whole: Log = {
      get: counted(log.get),
      known: counted(log.known),
      leaves: counted(log.leaves),
      put: counted(log.put),
      take: counted(log.take),
      missing: counted(log.missing),
      changes: counted(log.changes),
      pull: counted((url, doFetch, since) => log.pull(url, outside(doFetch), since)),
      // The next tab opens the same database, which stays in this process.
      close: async () => undefined,
      destroy: log.destroy
    };
    open.set(name, whole);
    return whole;
  }

  function outside(doFetch: typeof fetch): typeof fetch {
    let underWay = 0;
    return async (input, init) => {
      if (underWay++ === 0) busy--;
      try {
        return await doFetch(input, init);
      } finally {
        if (--underWay === 0) busy++;
      }
    };
  }

  return {
    openLog,
    idle: () => busy === 0,
    /** Lets the run's databases go. */
    async close(): Promise<void> {
      for (const log of open.values()) await log.destroy().catch(() => undefined);
    }
  };
}
