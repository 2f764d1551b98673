/**
 * News within this process. A circle's database or a person's own one took a write (`seq` opaque, `ids` when they are known), or
 * what `/api/me` answers to a person has changed.
 */
export type Ring =
  { circle: string; seq?: string; ids?: string[] } | { person: string; seq?: string; ids?: string[] } | { me: string };

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

/** The ring that belongs to a database's name, null for a database that nobody listens to. */
export function ringOf(database: string, news: { seq?: string; ids?: string[] } = {}): Ring | null {
  if (database.startsWith(circlePrefix)) return { circle: database.slice(circlePrefix.length), ...news };
  if (database.startsWith(personPrefix)) return { person: database.slice(personPrefix.length), ...news };
  return null;
}

/** The name of the database that a ring speaks of, null for `me`. */
export function databaseOf(ring: Ring): string | null {
  if ('circle' in ring) return circlePrefix + ring.circle;
  if ('person' in ring) return personPrefix + ring.person;
  return null;
}
