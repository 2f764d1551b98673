import { untrack } from 'svelte';
import { problemOf, type Problem } from '../problem.ts';

/** One act at a time that needs the hub: whether it runs, and in words why it failed. */
export function attempt(offlineText?: () => string) {
  let busy = $state(false);
  let problem = $state<Problem | null>(null);
  return {
    get busy() {
      return busy;
    },
    get problem() {
      return problem;
    },
    fail(next: Problem | null) {
      problem = next;
    },
    /** True when the act went through. */
    async run(work: () => Promise<unknown>): Promise<boolean> {
      if (untrack(() => busy)) return false;
      busy = true;
      problem = null;
      try {
        await work();
        return true;
      } catch (error) {
        problem = problemOf(error, offlineText?.());
        return false;
      } finally {
        busy = false;
      }
    }
  };
}
