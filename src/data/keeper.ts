import { coalesced } from './coalesced.ts';
import { createDoorbell, type Ring } from './doorbell.ts';
import type { Engine } from './engine.ts';
import type { Timers } from './timers.ts';

export type KeeperDeps = {
  engine: Engine;
  origin: string;
  openDoorbell: (url: string) => EventSource;
  /** The circle that is looked at, to be served first. */
  lookedAt: () => string | undefined;
  random: () => number;
  timers: Timers;
};

// After an error the first retry comes at once, since it is what tells a person that the hub is gone; a hub that is down
// for the night is asked once a minute.
const firstRetryMs = 250;
const longestRetryMs = 60_000;
// The safety net: PouchDB's own replication, soon after a start or an error, and then every few minutes.
const settleSoonMs = 8_000;
const settleEveryMs = 240_000;
// Pictures wait until what rang is on the screen.
const aheadMs = 1_000;

/** Keeps the copy in step while this tab leads: doorbell, retries, and the safety net. The engine does; this says when. */
export function createKeeper({ engine, origin, openDoorbell, lookedAt, random, timers }: KeeperDeps) {
  let isRunning = false;
  let wasCutOff = false;
  let retryMs = firstRetryMs;
  let isRinging = false;
  let retry: unknown;
  let settling: unknown;
  const fetching = new Map<string, unknown>();

  const doorbell = createDoorbell({
    url: `${origin}/api/doorbell`,
    open: openDoorbell,
    rang: (ring) => void ('me' in ring ? engine.refreshMe() : answer(ring)),
    connected() {
      isRinging = true;
      void reached();
    },
    broke() {
      isRinging = false;
      wasCutOff = true;
      later();
    }
  });

  /** A hub that was away may have been restored meanwhile: `/api/me` says so, and goes before any news. */
  async function reached(): Promise<void> {
    const isBack = wasCutOff;
    wasCutOff = false; // before the answer, which may come after the next cut
    if (isBack) await engine.refreshMe();
    await round();
  }

  /** Everything once: out first, since that is what people wait for on other phones. */
  const round = coalesced(async () => {
    if (!isRunning) return;
    timers.clear(retry);
    retry = undefined;
    await engine.refreshMissedMe();
    const sent = await engine.sendAll();
    const pulled = await engine.pullAll(lookedAt());
    if (!isRunning) return;
    if (!sent || !pulled) return later();
    await engine.introduce();
    // Not before the doorbell stands: a hub that answers and never rings would be asked without end.
    if (isRinging) retryMs = firstRetryMs;
    else if (!doorbell.isConnected()) doorbell.connect();
    for (const circle of engine.followed()) aheadSoon(circle);
  });

  async function answer({ circle, seq, told }: Exclude<Ring, { me: true }>): Promise<void> {
    if (await engine.ring(circle, seq, told)) aheadSoon(circle);
  }

  /** Covers of what just came, for when there is no network; once for a burst of rings. */
  function aheadSoon(circle: string): void {
    if (circle === 'me' || fetching.has(circle)) return;
    const ahead = () => engine.pictures.ahead(circle).catch(() => undefined); // looked at, they are asked for again
    fetching.set(
      circle,
      timers.set(() => void (fetching.delete(circle), ahead()), aheadMs)
    );
  }

  /** Something did not get through: everything once more, ever less often while nothing does. */
  function later(): void {
    if (!isRunning || retry !== undefined) return;
    // Spread, so that a hub that comes back is not asked by everybody in one second.
    retry = timers.set(() => void round(), retryMs * (0.5 + random()));
    retryMs = Math.min(retryMs * 2, longestRetryMs);
    settleIn(settleSoonMs);
  }

  function settleIn(ms: number): void {
    timers.clear(settling);
    settling = timers.set(() => void engine.settleAll().finally(() => isRunning && settleIn(settleEveryMs)), ms);
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
      timers.clear(retry);
      retry = undefined;
      timers.clear(settling);
      for (const timer of fetching.values()) timers.clear(timer);
      fetching.clear();
      doorbell.disconnect();
    },
    later,
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
