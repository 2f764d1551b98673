import type { Log } from '#data/log.ts';
import { memoryLog } from '#data/testing/memory-pouch.ts';
import type { Shelf } from './logs.ts';

/** Logs on real PouchDB, on its memory adapter; `close` lets them go. */
export function createPouchShelves() {
  const all: Log[] = [];
  return {
    shelf(): Shelf {
      const logs = new Map<string, Log>();
      return {
        open(circle) {
          const log = logs.get(circle) ?? memoryLog();
          if (!logs.has(circle)) all.push(log);
          logs.set(circle, log);
          // The next tab opens the same database, which stays in this process.
          return { ...log, close: async () => undefined };
        },
        circles: () => logs.keys()
      };
    },
    close: () => Promise.all(all.map((log) => log.destroy()))
  };
}
