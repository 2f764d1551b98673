import type { Database } from './couch-database.ts';

/** How far a follower has come in each database: `since` is the sequence behind which nothing is left to do. */
export type Places<P extends { since: string }> = {
  of(database: Database): Promise<P>;
  /** Remembers; on disk only with `save`. What is not saved is done once more after a crash, which changes nothing. */
  move(database: Database, place: P, save: boolean): Promise<void>;
};

/** Places kept in memory, so that news costs no question first: one is some hundred bytes, and beyond these the oldest go. */
const keptPlaces = 2_000;

/** Places live in a `_local` document of the database itself: no device ever gets it, and a restored copy brings its own. */
export function createPlaces<P extends { since: string }>(id: string, first: P): Places<P> {
  const kept = new Map<string, P>();
  const keep = (name: string, place: P) => {
    kept.delete(name);
    kept.set(name, place);
    if (kept.size > keptPlaces) kept.delete(kept.keys().next().value!);
  };
  return {
    async of(database) {
      const place = kept.get(database.name) ?? { ...first, ...(await database.getLocal<P>(id)) };
      keep(database.name, place);
      return place;
    },
    async move(database, place, save) {
      if (save) await database.putLocal(id, place);
      keep(database.name, place);
    }
  };
}
