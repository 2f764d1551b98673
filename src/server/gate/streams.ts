import type { ServerResponse } from 'node:http';

/** Whose answer is on its way: `still` says whether they may go on reading. */
export type Reader = { circle: string; person: string; still: () => Promise<boolean> };

export type Streams = {
  /** Whether a person has as many waiting answers open as she may. */
  isFull(person: string): boolean;
  /** Keeps the answer under watch until it ends; the signal ends when the client is gone or may read no longer. */
  open(reader: Reader, res: ServerResponse, waits: boolean): AbortSignal;
  cut(circle: string, person: string): void;
  endWaiting(): void;
};

/** Waiting answers that one person may have open: a dozen circles on two devices. Scaled by `HUB_LIMITS`. */
const waitingEach = 24;

// A removed member's streams end within 5 s even where nobody calls `cut`: the removal may have been another hub process's.
const watchEveryMs = 3_000;

/** `factor`: that of `HUB_LIMITS`. */
export function createStreams(factor = 1): Streams {
  const waitingMost = Math.ceil(waitingEach * factor);
  type Stream = Reader & { waits: boolean; end: () => void };
  const streams = new Set<Stream>();
  let watch: NodeJS.Timeout | undefined;

  const look = async () => {
    for (const stream of [...streams]) {
      // A database that does not answer is no reason to think that somebody was removed.
      if (!(await stream.still().catch(() => true))) stream.end();
    }
  };

  return {
    isFull: (person) => [...streams].filter((stream) => stream.waits && stream.person === person).length >= waitingMost,
    open(reader, res, waits) {
      const over = new AbortController();
      const end = () => {
        over.abort();
        res.destroy();
      };
      const stream = { ...reader, waits, end };
      streams.add(stream);
      watch ??= setInterval(() => void look(), watchEveryMs).unref();
      res.on('close', () => {
        over.abort();
        streams.delete(stream);
        if (streams.size > 0) return;
        clearInterval(watch);
        watch = undefined;
      });
      return over.signal;
    },
    cut(circle, person) {
      for (const stream of [...streams]) if (stream.circle === circle && stream.person === person) stream.end();
    },
    endWaiting() {
      for (const stream of [...streams]) if (stream.waits) stream.end();
    }
  };
}
