import { realTimers, type Timers } from '#server/timers.ts';

export type HubTime = {
  clock: () => number;
  timers: Timers;
  /** Moves the hub's clock and runs what fell due meanwhile. */
  advance(ms: number): void;
};

/** Waits up to this long pass by themselves, such as coalescing; longer ones wait for `advance`. */
const shortMs = 2_000;

/** The hub's clock in the hands of a test. */
export function hubTime(start = Date.parse('2026-03-01T08:00:00.000Z')): HubTime {
  let now = start;
  const waiting = new Map<object, { at: number; run: () => void }>();
  return {
    clock: () => now,
    timers: {
      set(run, ms) {
        if (ms <= shortMs) return realTimers.set(run, ms);
        const timer = {};
        waiting.set(timer, { at: now + ms, run });
        return timer;
      },
      clear(timer) {
        if (!waiting.delete(timer as object)) realTimers.clear(timer);
      }
    },
    advance(ms) {
      now += ms;
      for (const [timer, { at, run }] of waiting) {
        if (at > now) continue;
        waiting.delete(timer);
        run();
      }
    }
  };
}
