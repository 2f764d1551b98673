import { liveQuery } from 'dexie';

export type Live<T> = { readonly current: T; readonly ready: boolean };

/**
 * A query over the read model as reactive state: asked again when rows it read change (another tab's and the worker's
 * commits too) and when runes it reads before its first await change. Keeps the old value while a new one loads.
 */
export function live<T>(query: () => Promise<T>, initial: T): Live<T> {
  let current = $state.raw(initial);
  let ready = $state(false);
  $effect(() => {
    // Read once inside the effect, so that the runes the query reads are dependencies of this effect.
    let first: Promise<T> | null = query();
    const subscription = liveQuery(() => first?.then(() => query()) ?? query()).subscribe({
      next(value) {
        first = null;
        current = value;
        ready = true;
      },
      error(reason) {
        console.error(reason);
      }
    });
    return () => subscription.unsubscribe();
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
