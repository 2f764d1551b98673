import { RemoteError } from './remote.ts';
import type { Timers } from './timers.ts';

// On a dead line a request can hang for many minutes; in this time the slowest line brings a page, or takes a picture.
const patienceMs = 90_000;

export type LineDeps = {
  fetch: typeof fetch;
  now: () => number;
  timers: Timers;
  /** The line went or came back, or the clock is known better. */
  changed(): void;
  /** What to add to this device's clock to get the hub's was found out. */
  clockFound(offsetMs: number): void;
};

/**
 * The line to the hub: a fetch that notes what each answer says about it, since `navigator.onLine` knows only of the
 * nearest cable. An answer of 500 and above is no hub; none at all is a RemoteError of status 0.
 */
export function createLine(deps: LineDeps) {
  const { now, timers, changed, clockFound } = deps;
  let offlineSince: number | null = null;
  let clockOffsetMs = 0;
  let there = new AbortController();

  function note(isThere: boolean): void {
    const was = offlineSince;
    offlineSince = isThere ? null : (offlineSince ?? now());
    if ((was === null) !== (offlineSince === null)) changed();
  }

  function readClock(answer: Response): void {
    const date = Date.parse(answer.headers.get('date') ?? '');
    // The header has whole seconds: less than this is its own coarseness and the way here.
    if (Number.isNaN(date)) return;
    const offset = date - now();
    const corrected = Math.abs(offset) < 5_000 ? 0 : offset;
    if (Math.abs(corrected - clockOffsetMs) < 2_000 && corrected !== 0) return;
    if (corrected === clockOffsetMs) return;
    clockOffsetMs = corrected;
    clockFound(corrected);
    changed();
  }

  return {
    offlineSince: () => offlineSince,
    /** The browser knows of no network: what is under way ends now, for nobody need wait. The next answer says otherwise. */
    lost(): void {
      there.abort();
      there = new AbortController();
      note(false);
    },
    /** What to add to this device's clock to get the hub's. */
    clockOffsetMs: () => clockOffsetMs,
    /** What an earlier run found out about the clock holds until an answer says otherwise. */
    setClockOffset(ms: number): void {
      clockOffsetMs = ms;
    },
    fetch: (async (input: RequestInfo | URL, init?: RequestInit) => {
      const patience = new AbortController();
      // Runs on after the head of the answer: its body may hang as well.
      timers.set(() => patience.abort(new DOMException('The hub took too long.', 'TimeoutError')), patienceMs);
      const signals = [there.signal, patience.signal, ...(init?.signal ? [init.signal] : [])];
      try {
        const answer = await deps.fetch(input, { ...init, signal: AbortSignal.any(signals) });
        note(answer.status < 500);
        readClock(answer);
        return answer;
      } catch (error) {
        note(false);
        throw new RemoteError(0, String(error));
      }
    }) as typeof fetch
  };
}
