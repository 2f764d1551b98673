import type { Timers } from '#data/timers.ts';

type Event = { at: number; order: number; run: () => void };

export type Time = ReturnType<typeof createTime>;

/** Timers that all stop at once, when whoever set them is gone. */
export type OwnTimers = Timers & { stop(): void };

/**
 * The one clock of a run. Nothing happens by itself: `runUntil` takes what falls due in its order, and lets all that
 * follows from one event come to rest before the next.
 */
export function createTime(start: number) {
  const heap: Event[] = [];
  let now = start;
  let order = 0;

  function at(when: number, run: () => void): void {
    heap.push({ at: Math.max(when, now), order: order++, run });
    rise(heap);
  }

  /** Until nothing is left that would run by itself: PouchDB's memory adapter goes from one immediate to the next. */
  async function rest(): Promise<void> {
    do await new Promise((resolve) => setImmediate(resolve));
    while (process.getActiveResourcesInfo().includes('Immediate'));
  }

  return {
    now: () => now,
    after: (ms: number, run: () => void) => at(now + ms, run),
    sleep: (ms: number) => new Promise<void>((resolve) => at(now + ms, resolve)),
    rest,

    timers(): OwnTimers {
      const waiting = new Set<object>();
      let isStopped = false;
      return {
        set(run, ms) {
          const timer = {};
          if (isStopped) return timer;
          waiting.add(timer);
          at(now + ms, () => void (waiting.delete(timer) && run()));
          return timer;
        },
        clear: (timer) => void waiting.delete(timer as object),
        stop() {
          isStopped = true;
          waiting.clear();
        }
      };
    },

    /** Runs what falls due up to this time, then stands there. */
    async runUntil(when: number): Promise<void> {
      await rest();
      while (heap.length > 0 && heap[0]!.at <= when) {
        const event = sink(heap);
        now = event.at;
        event.run();
        await rest();
      }
      now = when;
    }
  };
}

const isBefore = (a: Event, b: Event) => a.at < b.at || (a.at === b.at && a.order < b.order);

function rise(heap: Event[]): void {
  for (let at = heap.length - 1; at > 0;) {
    const parent = (at - 1) >> 1;
    if (!isBefore(heap[at]!, heap[parent]!)) return;
    [heap[at], heap[parent]] = [heap[parent]!, heap[at]!];
    at = parent;
  }
}

/** Takes the first out. */
function sink(heap: Event[]): Event {
  const first = heap[0]!;
  const last = heap.pop()!;
  if (heap.length === 0) return first;
  heap[0] = last;
  for (let at = 0; ;) {
    let least = at;
    for (const child of [2 * at + 1, 2 * at + 2]) {
      if (child < heap.length && isBefore(heap[child]!, heap[least]!)) least = child;
    }
    if (least === at) return first;
    [heap[at], heap[least]] = [heap[least]!, heap[at]!];
    at = least;
  }
}
