import type { Me } from '#data/hub-api.ts';
import type { Log } from '#data/log.ts';
import { openTab, type Tab } from '#data/tab.ts';
import {
  createTablesDisk,
  openMemoryModel,
  openMemoryStore,
  type Pace,
  type TablesDisk
} from '#data/testing/memory-tables.ts';
import { createBrowser } from './browser.ts';
import type { Chance } from './chance.ts';
import { origin } from './hub.ts';
import type { Ledger } from './ledger.ts';
import type { Shelf } from './logs.ts';
import type { Network, Plug } from './network.ts';
import type { Plant } from './plants.ts';
import type { Time } from './time.ts';
import type { Whereabouts } from './whereabouts.ts';

/** What stays when everything in memory is gone. */
export type Disk = { logs: Shelf; model: TablesDisk; store: TablesDisk };

/** One open tab; `tab` stands once it can be used. */
export type OpenTab = { tab: Tab | null; isDead: boolean; kill(): void };

export type DeviceDeps = {
  name: string;
  person: string;
  me: Me;
  /** How wrong this phone's clock is. */
  skewMs: number;
  /** Where its logs are kept. */
  logs: Shelf;
  time: Time;
  chance: Chance;
  network: Network;
  ledger: Ledger;
  whereabouts: Whereabouts;
  plant: Plant;
};

export type Device = ReturnType<typeof createDevice>;

/** A phone or laptop of one person's: its disk, the tabs that are open on it, and its line. */
export function createDevice(deps: DeviceDeps) {
  const { name, person, time, chance, network, ledger, plant } = deps;
  const disk: Disk = { logs: deps.logs, model: createTablesDisk(), store: createTablesDisk() };
  const browser = createBrowser((run) => time.after(1, run));
  const tabs = new Set<OpenTab>();
  let me = deps.me;
  let isOnline = true;

  const pace =
    (share: number): Pace =>
    () =>
      chance.happens(share) ? time.sleep(chance.between(0, 6)) : undefined;

  function openLog(circle: string, opened: OpenTab): Log {
    const log = disk.logs.open(circle);
    return mortal(plant.log?.(log) ?? log, opened, pace(0.1), (doc, rev) => ledger.wrote(person, circle, doc, rev));
  }

  function open(): OpenTab {
    const opened: OpenTab = { tab: null, isDead: false, kill };
    const plug: Plug = { name, person, isOnline: () => isOnline, isDead: () => opened.isDead };
    const door = browser.forTab();
    const timers = time.timers();
    const model = openMemoryModel(disk.model, pace(0.03));
    const store = openMemoryStore(disk.store, pace(0.03));
    const send = network.fetchFor(plug);
    const doorbells = new Set<EventSource>();

    function kill(): void {
      opened.isDead = true;
      tabs.delete(opened);
      timers.stop();
      model.kill();
      store.kill();
      door.die();
      for (const source of doorbells) source.close();
    }

    tabs.add(opened);
    openTab({
      me,
      origin,
      fetch: (plant.fetch?.(send as never) ?? send) as typeof fetch,
      now: () => time.now() + deps.skewMs,
      random: chance.draw,
      timers: plant.timers?.(timers) ?? timers,
      openLog: (circle) => openLog(circle, opened),
      model,
      store,
      openDoorbell(_url) {
        const source = network.openEvents(plug);
        doorbells.add(source);
        return source;
      },
      locks: door.locks,
      channel: door.channel,
      isVisible: () => true,
      isOnline: () => isOnline,
      lookedAt: () => undefined,
      say(told) {
        if (told.type !== 'me') return;
        me = plant.hear?.(told.me) ?? told.me;
        deps.whereabouts.heard(name, told.me);
      },
      report(error) {
        if (!opened.isDead) ledger.unexpected(`${name}: ${String((error as Error)?.stack ?? error)}`);
      }
    }).then(
      (tab) => void (opened.tab = tab),
      (error: unknown) => ledger.unexpected(`${name} did not open: ${String(error)}`)
    );
    return opened;
  }

  return {
    name,
    person,
    disk,
    tabs,
    /** What waited to be sent when one of several tabs crashed. */
    orphans: new Set<string>(),
    open,
    me: () => me,
    isOnline: () => isOnline,

    /** The tab was closed in order. */
    async close(opened: OpenTab): Promise<void> {
      const { tab } = opened;
      if (tab) await tab.close();
      opened.kill();
    },

    setOnline(now: boolean): void {
      if (isOnline === now) return;
      isOnline = now;
      for (const { tab } of tabs) {
        if (now) void tab?.nudge(true);
        else tab?.engine.lineLost();
      }
    },

    /** Rows of a table as they stand on disk. */
    rows<T>(table: string, circle: string): T[] {
      const entries = [...(disk.model.tables.get(table)?.values() ?? [])];
      return entries.flatMap(({ row }) => (row['circle'] === circle ? [row as T] : []));
    },

    /** Rows of what lives beside the read model. */
    kept<T>(table: string): T[] {
      return [...(disk.store.tables.get(table)?.values() ?? [])].map(({ row }) => row as T);
    }
  };
}

/** A log whose work takes time, and is never heard of again once its tab is gone: before it was done, or after. */
function mortal(log: Log, opened: OpenTab, pace: Pace, wrote: (doc: { _id: string }, rev: string) => void): Log {
  const never = () => new Promise<never>(() => undefined);
  const through =
    <A extends unknown[], R>(
      work: (...args: A) => Promise<R>,
      done: (value: R, ...args: A) => void = () => undefined
    ) =>
    async (...args: A): Promise<R> => {
      await pace();
      if (opened.isDead) return never();
      const value = await work(...args);
      done(value, ...args);
      await pace();
      return opened.isDead ? never() : value;
    };
  return {
    get: through(log.get),
    known: through(log.known),
    takeNew: through(log.takeNew),
    leaves: through(log.leaves),
    put: through(log.put, (rev, doc) => wrote(doc, rev)),
    take: through(log.take),
    missing: through(log.missing),
    changes: through(log.changes),
    pull: (url, doFetch, since) => log.pull(url, doFetch, since),
    close: () => log.close(),
    destroy: () => log.destroy()
  };
}
