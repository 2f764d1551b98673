/** Timers as an argument, so that tests decide when time passes. */
export type Timers = {
  set(run: () => void, ms: number): unknown;
  clear(timer: unknown): void;
};

/** `setTimeout` takes at most this many milliseconds (2^31 − 1); beyond it fires at once. */
const longestMs = 2_147_483_647;

/** Real time. A wait keeps no process alive; one beyond 24 days ends early, so callers look at the clock again. */
export const realTimers: Timers = {
  set: (run, ms) => setTimeout(run, Math.min(Math.max(ms, 0), longestMs)).unref(),
  clear: (timer) => clearTimeout(timer as NodeJS.Timeout)
};
