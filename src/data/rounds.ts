import type { Attempts } from './attempts.ts';
import type { CircleCopy } from './circle-copy.ts';
import type { DeviceStore } from './device-store.ts';
import type { Told } from './replicate.ts';
import type { Standing } from './standing.ts';

export type RoundsDeps = {
  standing: Standing;
  attempts: Attempts;
  store: DeviceStore;
  copyOf(circle: string): CircleCopy;
};

/** What comes in: one circle that rang, or all of them. */
export function createRounds({ standing, attempts, store, copyOf }: RoundsDeps) {
  async function overAll(circles: string[], work: (copy: CircleCopy) => Promise<void>): Promise<boolean> {
    let all = true;
    for (const circle of circles) {
      // A round takes its time: what I left meanwhile is not asked for any more.
      if (standing.follows(circle)) all = (await attempts.attempt(() => work(copyOf(circle)))) && all;
    }
    return all;
  }

  return {
    /** A ring for one circle: what is new, as it was told, else by the fast path. */
    async ring(circle: string, seq?: string, told?: Told): Promise<unknown> {
      if (!standing.follows(circle)) return standing.refresh();
      // The hub rings every circle on connecting; where it stands as it was left there is nothing to ask.
      if (seq !== undefined && (await store.feeds.get(circle))?.since === seq) return true;
      return attempts.attempt(() => (told ? copyOf(circle).hear(told) : copyOf(circle).pull()));
    },

    /** The fast path over all circles; the one looked at first. */
    pullAll: (first?: string): Promise<boolean> =>
      overAll(
        standing.followed().sort((a, b) => Number(b === first) - Number(a === first)),
        (copy) => copy.pull()
      ),

    /** The safety net over all circles. */
    settleAll: (): Promise<boolean> => overAll(standing.followed(), (copy) => copy.settle())
  };
}
