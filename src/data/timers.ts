/** Timers as an argument, so that whoever runs many devices in one process decides when time passes. */
export type Timers = {
  set(run: () => void, ms: number): unknown;
  clear(timer: unknown): void;
};

export const realTimers: Timers = {
  set: (run, ms) => setTimeout(run, ms),
  clear: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>)
};
