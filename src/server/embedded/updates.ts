import { randomBytes } from 'node:crypto';
import { parseSequence, sequenceText } from './sequence.ts';

export type Update = { db_name: string; type: 'created' | 'updated' | 'deleted'; seq: string };

/** Which databases changed, since this process began: one entry each, the newest last, as CouchDB's `_global_changes` has them. */
export type Updates = {
  note(name: string, type: Update['type']): void;
  /** What came after `since`, oldest first; null when that is no sequence. */
  after(since: string): Update[] | null;
  readonly last: string;
  /** Resolves at the next change of `name`, or of any database; or when the signal ends. */
  next(name: string | null, signal: AbortSignal): Promise<void>;
};

export function createUpdates(): Updates {
  const boot = randomBytes(6).toString('hex');
  const entries = new Map<string, { type: Update['type']; seq: number }>();
  const listeners = new Set<{ name: string | null; wake: () => void }>();
  let seq = 0;

  return {
    get last() {
      return sequenceText(seq, boot);
    },
    note(name, type) {
      entries.delete(name);
      entries.set(name, { type, seq: (seq += 1) });
      for (const listener of [...listeners]) if (listener.name === null || listener.name === name) listener.wake();
    },
    after(since) {
      const from = parseSequence(since, boot, seq);
      if (from === null) return null;
      return [...entries]
        .filter(([, entry]) => entry.seq > from)
        .map(([name, entry]) => ({ db_name: name, type: entry.type, seq: sequenceText(entry.seq, boot) }));
    },
    next: (name, signal) =>
      new Promise((resolve) => {
        const wake = () => {
          listeners.delete(listener);
          signal.removeEventListener('abort', wake);
          resolve();
        };
        const listener = { name, wake };
        listeners.add(listener);
        if (signal.aborted) wake();
        else signal.addEventListener('abort', wake);
      })
  };
}
