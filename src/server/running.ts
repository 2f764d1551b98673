import type { Couch } from './couch.ts';
import { systemName } from './system.ts';
import type { Timers } from './timers.ts';

/*
 * Whether hubs run on a CouchDB: each writes the time into a `_local` document every 20 s, and takes itself out when it stops. The
 * embedded store needs none of it, its lock tells.
 */

const beatMs = 20_000;
/** A hub that was killed is taken for gone after three beats that did not come. */
export const goneAfterMs = 3 * beatMs;

const documentId = 'running';
type Beats = { hubs: Record<string, string> };

/** When the last sign of a hub came that has not stopped, or null when none runs. */
export async function lastBeat(couch: Couch, now: number): Promise<number | null> {
  const beats = await couch.database(systemName).getLocal<Beats>(documentId);
  const times = Object.values(beats?.hubs ?? {}).map((at) => Date.parse(at));
  const last = Math.max(0, ...times);
  return now - last < goneAfterMs ? last : null;
}

/** Says that this hub runs, until it is stopped. */
export async function keepBeating(deps: {
  couch: Couch;
  clock: () => number;
  timers: Timers;
  hub: string;
}): Promise<{ stop(): Promise<void> }> {
  const { couch, clock, timers, hub } = deps;
  const system = couch.database(systemName);
  let timer: unknown;
  let stopped = false;

  const write = async (change: (hubs: Beats['hubs']) => void): Promise<void> => {
    const hubs = { ...(await system.getLocal<Beats>(documentId))?.hubs };
    for (const [one, at] of Object.entries(hubs)) if (clock() - Date.parse(at) > goneAfterMs) delete hubs[one];
    change(hubs);
    await system.putLocal(documentId, { hubs });
  };
  const beat = async (): Promise<void> => {
    // Of two hubs that write at one moment one is missing until its next beat; a database that is down has no hub running on it.
    await write((hubs) => (hubs[hub] = new Date(clock()).toISOString())).catch(() => undefined);
    if (!stopped) timer = timers.set(() => void beat(), beatMs);
  };
  await beat();
  return {
    async stop() {
      stopped = true;
      timers.clear(timer);
      await write((hubs) => delete hubs[hub]).catch(() => undefined);
    }
  };
}
