import type { Me } from '#data/hub-api.ts';
import { weightsWithout, type ActName } from './acts.ts';
import { answersKept } from './answers-kept.ts';
import { createChance } from './chance.ts';
import { createDevice, type Device } from './device.ts';
import { furnish } from './hub.ts';
import { confirmMs, createLedger } from './ledger.ts';
import { memoryShelf, type Shelf } from './logs.ts';
import { createMembers } from './members.ts';
import { createMemoryCouch } from './memory-couch.ts';
import { createNetwork } from './network.ts';
import { createOperator } from './operator.ts';
import type { Plant } from './plants.ts';
import { createTime } from './time.ts';
import { createWhereabouts } from './whereabouts.ts';

export type WorldOptions = {
  seed: number;
  plant?: Plant;
  /** Where the logs of a device of this name are kept; in memory if nothing is said. */
  shelf?: (device: string) => Shelf;
  /** Acts that are left out. */
  without?: readonly ActName[];
  trace?: (line: string) => void;
};

export type World = ReturnType<typeof createWorld>;

const cast = ['lin', 'mei', 'fang', 'hao', 'zhou', 'xiaoyu'];
const start = Date.parse('2026-03-01T08:00:00.000Z');
/** The longest a phone's clock is wrong. */
const skewMs = 3 * 86_400_000;
/** While anything may go wrong; then the lines are good and all must come together in this time. */
const faultShare = 0.12;
const calmMs = 120_000;
/** In this time the last thing that the hub took is on all devices; how often it may take another at the end of the calm. */
const stillMs = 10_000;
const mostStills = 6;
/** What a device asks in the calm; four times what most do. It must end (invariant 7). */
const mostInCalm = 150;
/** With the calm itself more than the four minutes in which the safety net comes by. */
const netMs = 150_000;

const hasOrphans = ({ kept, orphans }: Device) => kept<{ id: string }>('unsent').some(({ id }) => orphans.has(id));

/** All of a run but its course: the people, their devices, the hub, the lines between them, and what watches them. */
export function createWorld(options: WorldOptions) {
  const { seed, plant = {}, shelf = memoryShelf, without = [], trace = () => undefined } = options;
  const chance = createChance(seed);
  const time = createTime(start);
  const ledger = createLedger(time.now);
  const whereabouts = createWhereabouts(time.now, ledger.fault);
  const couch = createMemoryCouch(ledger.committed);
  const people = cast.slice(0, 3 + chance.int(4));
  const devices: Device[] = [];
  const pictured: { person: string; circle: string; id: string }[] = [];
  let asleepMs = 0;
  const circles = new Map<string, string>();
  const ticks: { circle: string; id: string; tick: string; person: string }[] = [];
  const count = { exchanges: 0, faulted: 0, crashes: 0, restarts: 0, restores: 0, calmExchanges: 0 };
  let calmSince: number | null = null;
  const askedInCalm = new Map<string, number>();

  /** A line of the run's story, with the step it belongs to or under the last one. */
  const tell = (what: string, step: number | '' = '') =>
    trace(`${String(step).padStart(4)} ${((time.now() - start) / 1_000).toFixed(1).padStart(7)} s  ${what}`);

  const members = createMembers({ people, couch, chance, operator: () => operator, tell });
  const { memberOf } = members;
  const operator = createOperator({
    time,
    chance,
    ledger,
    couch,
    devices,
    plant,
    isCalm: () => calmSince !== null,
    membersNow: () =>
      JSON.stringify([...circles.keys()].map((circle) => people.map((person) => memberOf(circle, person)))),
    answersKept: () => answersKept(world),
    count
  });

  const network = createNetwork({
    time,
    chance,
    hub: operator.hub,
    share: () => (calmSince === null ? faultShare : 0),
    asked: whereabouts.asked,
    answered: (plug, path, text) => path === '/api/me' && whereabouts.answered(plug, text),
    exchanged({ name }, path, fate, status) {
      count.exchanges++;
      if (fate !== 'fine') count.faulted++;
      if (calmSince !== null) {
        count.calmExchanges++;
        askedInCalm.set(name, (askedInCalm.get(name) ?? 0) + 1);
      }
      if (fate !== 'fine' || calmSince !== null) tell(`${name} ${path.split('?')[0]} ${fate} ${status || ''}`);
    },
    judged: (person, path, body, answer, isHeard) => ledger.judged(person, path.split('/')[2]!, body, answer, isHeard)
  });

  function meOf(person: string): Me {
    const mine = [...circles].filter(([id]) => memberOf(id, person));
    return {
      id: person,
      login: person,
      name: person,
      era: operator.era(),
      circles: mine.map(([id, name]) => ({ id, name, circleKind: 'circle', role: memberOf(id, person)!.role }))
    };
  }

  const world = {
    chance,
    weights: weightsWithout(without),
    time,
    ledger,
    couch,
    people,
    devices,
    circles,
    ticks,
    pictures: operator.pictures,
    pictured,
    removed: new Set<string>(),
    count,
    tell,
    ...members,
    hub: operator.hub,
    nameOf: (circle: string) => circles.get(circle) ?? circle,
    saved: (device: Device, circle: string, id: string) => ledger.saved(device.person, circle, id),
    /** A person was shown that her picture is kept. */
    pictureKept: (person: string, circle: string, id: string) => void pictured.push({ person, circle, id }),
    ticked: (circle: string, id: string, tick: string, person: string) => void ticks.push({ circle, id, tick, person }),

    /** Tabs die in the middle of whatever they do, one or all of a device; somebody opens it again. */
    crash(device: Device): void {
      const all = chance.happens(0.7);
      for (const opened of [...device.tabs].slice(0, all ? undefined : 1)) {
        count.crashes++;
        time.after(chance.between(0, 60), () => {
          opened.kill();
          if (device.tabs.size > 0) for (const { id } of device.kept<{ id: string }>('unsent')) device.orphans.add(id);
          if (device.tabs.size === 0) world.reopenSoon(device);
        });
      }
    },

    restartHub: operator.restart,
    backUp: operator.backUp,
    restoreHub: operator.restore,

    reopenSoon(device: Device): void {
      time.after(chance.between(50, 20_000), () => device.tabs.size === 0 && asleepMs === 0 && device.open());
    },

    /** Everybody puts every device away for longer than a place waits to be confirmed. */
    async sleepLong(): Promise<void> {
      if (!operator.isServing()) return;
      asleepMs = confirmMs + chance.between(60_000, 3_600_000);
      await Promise.all(devices.flatMap((device) => [...device.tabs].map((opened) => device.close(opened))));
    },

    /** Runs on for this long, or until everybody is awake again. */
    async pass(ms: number): Promise<void> {
      await time.runUntil(time.now() + ms + asleepMs);
      if (asleepMs === 0) return;
      asleepMs = 0;
      for (const device of devices) world.reopenSoon(device);
    },

    /** Accounts, circles, devices: before anything may go wrong. */
    async furnish(): Promise<void> {
      await furnish(couch, people, chance);
      calmSince = time.now();
      const founding = (async () => {
        await operator.startSoon();
        const { circles: at } = operator.hub()!;
        for (const name of ['302', '303']) {
          const [founder, ...others] = name === '302' ? people : people.toReversed();
          const id = await at.found(founder!, { name, circleKind: 'circle' });
          circles.set(id, name);
          const joining = name === '302' ? others : others.slice(0, 1 + chance.int(2));
          for (const person of joining) await at.admit(id, person, founder!);
        }
      })();
      await time.runUntil(time.now() + 20_000);
      await founding;
      calmSince = null;
      const owners = [...people, ...Array.from({ length: chance.int(3) }, () => chance.pick(people))];
      for (const [number, person] of owners.entries()) {
        const name = `${person}-${number + 1}`;
        const device = createDevice({
          name,
          person,
          logs: shelf(name),
          me: meOf(person),
          skewMs: chance.happens(0.4) ? chance.between(-skewMs, skewMs) : 0,
          time,
          chance,
          network,
          ledger,
          whereabouts,
          plant
        });
        devices.push(device);
        device.open();
      }
    },

    /** No fault any more, everybody is there: what has to come together does so now. */
    async calm(): Promise<void> {
      calmSince = time.now();
      tell('calm');
      const hub = operator.hub();
      if (!hub || hub.isDead()) await time.runUntil(time.now() + 20_000);
      for (const device of devices) {
        if (device.tabs.size === 0) device.open();
        device.setOnline(true);
      }
      count.calmExchanges = 0;
      askedInCalm.clear();
      await time.runUntil(time.now() + calmMs);
      // What the hub's clock closed in the last moments is still on its way.
      for (let more = 0; more < mostStills && time.now() - ledger.lastCommitAt() < stillMs; more++)
        await time.runUntil(time.now() + stillMs);
      // What one of two tabs had just saved when it crashed nobody else knows of: that waits for the safety net.
      if (devices.some(hasOrphans)) await time.runUntil(time.now() + netMs);
      for (const [name, asked] of askedInCalm)
        if (asked > mostInCalm) ledger.fault(`${name} asked ${asked} times and comes to no rest`);
    }
  };
  return world;
}
