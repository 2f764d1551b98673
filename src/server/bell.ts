import type { Span } from './spans.ts';

/**
 * News within this process. A circle's database or a person's own one took a write (`seq` opaque, `ids` when they are known), or
 * what `/api/me` answers to a person has changed.
 */
export type Ring = DatabaseRing | { me: string };

export type DatabaseRing = ({ circle: string } | { person: string }) & DatabaseNews;

/**
 * `span` where the store told that these ids are all that was written between two sequences. `docs` are their texts, all of them and
 * each with its whole history, where they are small enough to be told with the ring.
 */
export type DatabaseNews = { seq?: string; ids?: string[]; span?: Span; docs?: readonly string[] };

export type Bell = {
  ring(what: Ring): void;
  /** Returns what ends the listening. */
  on(listener: (ring: Ring) => void): () => void;
};

/** Rings reach every listener at once, in the order of listening; one that throws keeps no other from hearing. */
export function createBell(): Bell {
  const listeners = new Set<(ring: Ring) => void>();
  return {
    ring(what) {
      for (const listener of [...listeners]) {
        try {
          listener(what);
        } catch (error) {
          queueMicrotask(() => {
            throw error;
          });
        }
      }
    },
    on(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    }
  };
}

const circlePrefix = 'c-';
const personPrefix = 'me-';

/** The ring for a write to the database of that name (without the prefix), null for one that nobody listens to. */
export function ringOf(database: string, news: DatabaseNews = {}): DatabaseRing | null {
  if (database.startsWith(circlePrefix)) return { circle: database.slice(circlePrefix.length), ...news };
  if (database.startsWith(personPrefix)) return { person: database.slice(personPrefix.length), ...news };
  return null;
}

/** The name of the database that a ring is about. */
export function databaseOf(ring: DatabaseRing): string {
  return 'circle' in ring ? circlePrefix + ring.circle : personPrefix + ring.person;
}
