import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Couch } from './couch.ts';
import { createDisk } from './disk.ts';
import type { Follower } from './follow.ts';
import type { Metrics } from './metrics.ts';

export type Figures = {
  /** Whose backlog is told from now on. */
  watch(name: string, follower: Pick<Follower, 'backlog'>): void;
  /** What `/api/metrics` answers. */
  text(): Promise<string>;
  stop(): Promise<void>;
};

/** What is counted all the time, and beside it what is looked up when an operator's monitor asks. */
export function createFigures(deps: {
  metrics: Metrics;
  couch: Couch;
  clock: () => number;
  directory: string;
  devicesMissing: () => number;
  storeRestarts?: () => number;
}): Figures {
  const { metrics, couch, clock, directory, devicesMissing, storeRestarts } = deps;
  const followers: { name: string; follower: Pick<Follower, 'backlog'> }[] = [];
  const disk = createDisk({ directory, clock });
  const loopDelay = monitorEventLoopDelay();
  loopDelay.enable();

  return {
    watch: (name, follower) => void followers.push({ name, follower }),
    async text() {
      const nanoseconds = loopDelay.percentile(99);
      loopDelay.reset();
      return metrics.text({
        up: await couch.up(),
        devicesMissing: devicesMissing(),
        followers: followers.map(({ name, follower }) => ({ name, ...follower.backlog() })),
        storeRestarts: storeRestarts?.() ?? null,
        disk: await disk(),
        loopDelaySeconds: Number.isFinite(nanoseconds) ? nanoseconds / 1e9 : 0
      });
    },
    async stop() {
      loopDelay.disable();
    }
  };
}
