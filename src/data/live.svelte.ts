import { onDevice } from './device.ts';

export type Live<T> = { readonly current: T; readonly ready: boolean };

// While thousands of records arrive a screen looks again a few times a second, not at every page of them.
const restMs = 150;

/**
 * A query as reactive state: asked again when the device says that rows changed (another tab's commits too) and when
 * runes that the query reads before its first await change. The old value stands while a new one loads, and `keep` says
 * what of it stays then: by default all, when both say the same.
 */
export function live<T>(query: () => Promise<T>, initial: T, keep: (before: T, now: T) => T = keepIfSame): Live<T> {
  let current = $state.raw(initial);
  let ready = $state(false);

  $effect(() => {
    let isStopped = false;
    let isAsking = false;
    let isStale = false;

    async function look(asked: Promise<T>): Promise<void> {
      isAsking = true;
      isStale = false;
      try {
        const value = await asked;
        if (isStopped) return;
        current = keep(current, value);
        ready = true;
      } catch (error) {
        reportError(error);
      }
      if (isStale) await new Promise((rested) => setTimeout(rested, restMs));
      isAsking = false;
      if (isStale && !isStopped) await look(query());
    }

    const stop = onDevice((told) => {
      if (told.type !== 'changed' && told.type !== 'me') return;
      isStale = true;
      if (!isAsking) void look(query());
    });
    void look(query());
    return () => {
      isStopped = true;
      stop();
    };
  });

  return {
    get current() {
      return current;
    },
    get ready() {
      return ready;
    }
  };
}

function keepIfSame<T>(before: T, now: T): T {
  return JSON.stringify(before) === JSON.stringify(now) ? before : now;
}
