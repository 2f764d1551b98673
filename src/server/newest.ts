import type { Couch } from './couch.ts';

/** The newest sequence of each database that somebody listens to, so that a thousand devices cost one question. */
export type Newest = {
  /** Null when the database did not answer. */
  of(name: string): Promise<string | null>;
  /** What the last question was or will be answered; undefined for a database that nobody has asked about since it moved. */
  known(name: string): Promise<string | null> | undefined;
  /** Forgets what was known, or replaces it by `seq`: a write came. */
  moved(name: string, seq?: string): void;
  /**
   * Whether CouchDB keeps its databases in several copies. A write is acknowledged once most of them have it, and a read is answered by
   * one: of 400 reads right after their write 29 did not tell of it yet (three nodes on one machine; 11–82 ms late).
   */
  inCopies(): boolean;
};

/** One entry stays for each database asked about; `moved` for any other keeps nothing. */
export function createNewest(couch: Couch): Newest {
  const known = new Map<string, Promise<string | null>>();
  let copies = 1;

  const ask = async (name: string): Promise<string | null> => {
    try {
      const response = await couch.database(name).request('GET', []);
      const body = (await response.json()) as { update_seq?: string | number; cluster?: { n: number } };
      copies = body.cluster?.n ?? copies;
      if (body.update_seq !== undefined) return String(body.update_seq);
    } catch {
      // The ring goes out all the same: what matters is that there is news.
    }
    known.delete(name);
    return null;
  };

  return {
    of(name) {
      const answer = known.get(name) ?? ask(name);
      known.set(name, answer);
      return answer;
    },
    known: (name) => known.get(name),
    moved(name, seq) {
      if (seq !== undefined && known.has(name)) known.set(name, Promise.resolve(seq));
      else known.delete(name);
    },
    inCopies: () => copies > 1
  };
}
