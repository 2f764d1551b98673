import type { Couch } from './couch.ts';
import type { Span } from './spans.ts';

/** The newest sequence of each database that somebody listens to, so that a thousand devices cost one question. */
export type Newest = {
  /** Null when the database did not answer. */
  of(name: string): Promise<string | null>;
  /** What the last question was or will be answered; undefined for a database that nobody has asked about since it moved. */
  known(name: string): Promise<string | null> | undefined;
  /** A write came: replaces what was known by `seq`, or by the end of `span` where that begins at it, else forgets it. */
  moved(name: string, seq?: string, span?: Span): void;
  /**
   * Whether CouchDB keeps its databases in several copies. A write is acknowledged once most of them have it, and a read is answered by
   * one: of 400 reads right after their write 29 did not tell of it yet (three nodes on one machine; 11–82 ms late).
   */
  inCopies(): boolean;
};

/** One entry stays for each database asked about; `moved` for any other keeps nothing. */
export function createNewest(couch: Couch): Newest {
  const known = new Map<string, Promise<string | null>>();
  // Those that were answered.
  const answered = new Map<string, string>();
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
      const before = known.get(name);
      if (before) return before;
      const answer = ask(name);
      known.set(name, answer);
      void answer.then((seq) => {
        if (seq !== null && known.get(name) === answer) answered.set(name, seq);
      });
      return answer;
    },
    known: (name) => known.get(name),
    moved(name, seq, span) {
      const follows = span !== undefined && answered.get(name) === span.from;
      const next = seq ?? (follows ? span.to : undefined);
      answered.delete(name);
      if (next === undefined || !known.has(name)) return void known.delete(name);
      known.set(name, Promise.resolve(next));
      answered.set(name, next);
    },
    inCopies: () => copies > 1
  };
}
