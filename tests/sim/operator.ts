import type { Allotment } from '#domain/allotment/allotment.ts';
import { ApiError } from '#server/errors.ts';
import type { Chance } from './chance.ts';
import type { Device } from './device.ts';
import { beginAgain, firstEra, isWeather, signIn, startHub, type HubProcess } from './hub.ts';
import type { Ledger } from './ledger.ts';
import type { Backup, MemoryCouch } from './memory-couch.ts';
import type { PictureFiles } from './pictures.ts';
import type { Plant } from './plants.ts';
import type { Time } from './time.ts';

export type OperatorDeps = {
  time: Time;
  chance: Chance;
  ledger: Ledger;
  couch: MemoryCouch;
  devices: readonly Device[];
  plant: Plant;
  /** No fault any more. */
  isCalm: () => boolean;
  /** Who is where: a backup that is older than that is not restored. */
  membersNow: () => string;
  /** What a restore may not go back on. */
  answersKept: () => Promise<Map<string, Allotment>>;
  count: { restarts: number; restores: number };
};

export type Operator = ReturnType<typeof createOperator>;

/** Whoever runs the hub's machine: starts its process, and again whenever it died, and puts its backup back. */
export function createOperator(deps: OperatorDeps) {
  const { time, chance, couch, plant, count, ledger } = deps;
  const { unexpected } = ledger;
  const pictures: PictureFiles = new Map();
  const store = plant.storeFetch ? { ...couch, fetch: plant.storeFetch(couch.fetch as never) as typeof fetch } : couch;
  let hub: HubProcess | null = null;
  let era = firstEra;
  let backup: { databases: Backup; pictures: PictureFiles; members: string } | null = null;

  async function startSoon(): Promise<void> {
    const weather = () => ({ slow: 0.15, lost: deps.isCalm() ? 0 : 0.003 });
    try {
      hub = await startHub({ time, chance, couch: store, pictures, era, plant, weather, unexpected });
    } catch (error) {
      if (!isWeather(error)) unexpected(`the hub did not start: ${String((error as Error).stack)}`);
      time.after(1_000, () => void startSoon());
    }
  }

  const startAfterRepair = () => time.after(chance.between(100, 15_000), () => void startSoon());

  /** Asks again where the hub failed or was down, as a steward would; what it refuses is its last word. */
  function insist(work: (hub: HubProcess) => Promise<unknown>): void {
    const again = () => time.after(3_000, () => insist(work));
    // While devices are waited for nobody comes or goes: what they had to hand back might have nowhere to go.
    if (!hub || hub.isDead() || hub.isWaiting()) return again();
    const asked = hub;
    let isOver = false;
    const done = () => void (isOver = true);
    work(asked).then(done, (error: unknown) => {
      done();
      if (error instanceof ApiError) return;
      if (!isWeather(error)) unexpected(`the hub for a steward: ${String((error as Error).stack)}`);
      again();
    });
    time.after(10_000, () => !isOver && asked.isDead() && again());
  }

  return {
    hub: () => hub,
    era: () => era,
    /** It is there and waits for no device. */
    isServing: () => hub !== null && !hub.isDead() && !hub.isWaiting(),
    pictures,
    startSoon,
    insist,

    restart(): void {
      if (!hub || hub.isDead()) return;
      count.restarts++;
      hub.kill();
      startAfterRepair();
    },

    async backUp(): Promise<void> {
      if (era !== firstEra) return;
      await signIn(couch, deps.devices, new Date(time.now()).toISOString());
      backup = { databases: couch.backUp(), pictures: new Map(pictures), members: deps.membersNow() };
    },

    /** The hub's machine breaks, and it becomes what it was at its last backup; once in a run. */
    async restore(): Promise<void> {
      if (!backup || era !== firstEra || !hub || hub.isDead()) return;
      // Who came or left meanwhile may be lost with all that they wrote: nobody hands back for another (R1).
      if (backup.members !== deps.membersNow()) return;
      count.restores++;
      hub.kill();
      era = 'two';
      couch.restore(backup.databases);
      pictures.clear();
      for (const [file, content] of backup.pictures) pictures.set(file, content);
      await beginAgain(couch, time.now, era);
      ledger.restored(await deps.answersKept());
      startAfterRepair();
    }
  };
}
