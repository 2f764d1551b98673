import { coalesced } from './coalesced.ts';
import { createDoorbell } from './doorbell.ts';
import type { Engine } from './engine.ts';

export type KeeperDeps = {
  engine: Engine;
  origin: string;
  openDoorbell: (url: string) => EventSource;
  /** The circle that is looked at, to be served first. */
  lookedAt: () => string | undefined;
  random: () => number;
};

// After an error the first retry comes at once, since it is what tells a person that the hub is gone; a hub that is down
// for the night is asked once a minute.
const firstRetryMs = 250;
const longestRetryMs = 60_000;
// The safety net: PouchDB's own replication, soon after a start or an error, and then every few minutes.
const settleSoonMs = 8_000;
const settleEveryMs = 240_000;

/** Keeps the copy in step while this tab leads: doorbell, retries, and the safety net. The engine does; this says when. */
export function createKeeper({ engine, origin, openDoorbell, lookedAt, random }: KeeperDeps) {
  let isRunning = false;
  let retryMs = firstRetryMs;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let settling: ReturnType<typeof setTimeout> | undefined;

  const doorbell = createDoorbell({
    url: `${origin}/api/doorbell`,
    open: openDoorbell,
    rang: (ring) => void ('me' in ring ? engine.refreshMe() : engine.ring(ring.circle, ring.seq)),
    connected: () => void round(),
    broke: () => later()
  });

  /** Everything once: out first, since that is what people wait for on other phones. */
  const round = coalesced(async () => {
    if (!isRunning) return;
    clearTimeout(retry);
    const sent = await engine.sendAll();
    const pulled = await engine.pullAll(lookedAt());
    if (!isRunning) return;
    if (!sent || !pulled) return later();
    await engine.introduce();
    retryMs = firstRetryMs;
    if (!doorbell.isConnected()) doorbell.connect();
    for (const circle of engine.followed()) if (circle !== 'me') await engine.pictures.ahead(circle);
  });

  function later(): void {
    clearTimeout(retry);
    if (!isRunning) return;
    // Spread, so that a hub that comes back is not asked by everybody in one second.
    retry = setTimeout(() => void round(), retryMs * (0.5 + random()));
    retryMs = Math.min(retryMs * 2, longestRetryMs);
    settleIn(settleSoonMs);
  }

  function settleIn(ms: number): void {
    clearTimeout(settling);
    settling = setTimeout(() => void engine.settleAll().finally(() => isRunning && settleIn(settleEveryMs)), ms);
  }

  return {
    start(): void {
      isRunning = true;
      doorbell.connect();
      void engine.refreshMe();
      void round();
      settleIn(settleSoonMs);
    },
    stop(): void {
      isRunning = false;
      clearTimeout(retry);
      clearTimeout(settling);
      doorbell.disconnect();
    },
    /** Something speaks for the line being there (online, a tab came into view): no more waiting. */
    async nudge(isNewLine = false): Promise<void> {
      if (!isRunning) return;
      retryMs = firstRetryMs;
      // A stream over a line that went away may look open for minutes.
      if (isNewLine || !doorbell.isConnected()) doorbell.connect();
      await round();
    }
  };
}
