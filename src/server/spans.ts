/**
 * The sequence of a database before and after one write. Nothing else was written in between, which only the embedded store can know: it
 * takes one write at a time and says so with its answer.
 */
export type Span = { from: string; to: string };

/** The header in which the embedded store tells a write's span. */
export const spanHeader = 'x-store-span';

export const spanText = ({ from, to }: Span): string => `${from} ${to}`;

/** CouchDB sends none. */
export function parseSpan(text: string | null): Span | undefined {
  const [from, to] = text?.split(' ') ?? [];
  return from && to ? { from, to } : undefined;
}

/** Up to where a database need not be read, because it was, or because what was written there is known and nobody's business. */
export type Spans = {
  /** Where to read on; `otherwise` for a database that nothing is known of. */
  placeIn(name: string, otherwise: string): string;
  /** Everything up to `seq` was read. */
  read(name: string, seq: string): void;
  /** Goes past a write that need not be read. False when it does not follow on what is known: only reading tells what came in between. */
  skip(name: string, span: Span): boolean;
};

type Known = { at: string; ahead: Map<string, string> };

/** One entry is some hundred bytes; beyond these the oldest go, and those databases are read again. */
const keptDatabases = 2_000;

export function createSpans(): Spans {
  const databases = new Map<string, Known>();

  const followOn = (known: Known) => {
    for (let to = known.ahead.get(known.at); to !== undefined; to = known.ahead.get(known.at)) {
      known.ahead.delete(known.at);
      known.at = to;
    }
  };

  return {
    placeIn: (name, otherwise) => databases.get(name)?.at ?? otherwise,
    read(name, seq) {
      const known = { at: seq, ahead: databases.get(name)?.ahead ?? new Map<string, string>() };
      followOn(known);
      // What still hangs in the air lies behind, or is read with what comes next: the place is never ahead of anything unread.
      known.ahead.clear();
      databases.delete(name);
      databases.set(name, known);
      if (databases.size > keptDatabases) databases.delete(databases.keys().next().value!);
    },
    skip(name, { from, to }) {
      const known = databases.get(name);
      if (!known) return false;
      known.ahead.set(from, to);
      followOn(known);
      return known.ahead.size === 0;
    }
  };
}
