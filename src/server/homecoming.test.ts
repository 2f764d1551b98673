import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hubTime, type HubTime } from '../../tests/hub-time.ts';
import { startStore, type TestStore } from '../../tests/start-store.ts';
import { until } from '../../tests/until.ts';
import { beginHomecoming, homecomingInWords, openHomecoming, type Homecoming } from './homecoming.ts';
import { createSessions } from './sessions.ts';

const hour = 3_600_000;

describe('the return of the devices after a restore', () => {
  let store: TestStore;
  let time: HubTime;
  let drawn = 0;
  let circles: Record<string, string[]>;
  let said: string[];
  let homecoming: Homecoming;
  let joinedAt: string;

  beforeEach(async () => {
    store = await startStore();
    await store.couch.ensure('system');
    await store.couch.ensure('c-302');
    time = hubTime();
    circles = { lin: ['302'], mei: ['302'], fang: [] };
    joinedAt = '2026-01-01T00:00:00.000Z';
    said = [];
  });
  afterEach(async () => {
    homecoming.stop();
    await store.stop();
  });

  const sessions = () =>
    createSessions({
      couch: store.couch,
      clock: time.clock,
      random: (size) => new Uint8Array(size).fill((drawn += 1)),
      origin: 'http://localhost'
    });
  const device = async (account: string) => {
    const open = sessions();
    const { session } = await open.start(account, 'phone');
    await open.listens(session);
    return session;
  };
  const open = async (couch = store.couch) => {
    homecoming = await openHomecoming({
      couch,
      clock: time.clock,
      timers: time.timers,
      membership: {
        circlesOf: async (person) => circles[person] ?? [],
        memberOf: async (_, person) => ({ person, role: 'member', joinedAt })
      },
      log: { info: (_, sentence) => said.push(sentence) }
    });
  };
  const begin = () => beginHomecoming(store.couch, time.clock, 'new era');
  const isOver = () => until('the waiting is over', async () => homecoming.waiting() === null);

  it('is waited for by nobody who was never restored', async () => {
    await device('lin');
    await open();
    expect([homecoming.waiting(), homecoming.restored]).toEqual([null, false]);
    await homecoming.over;
  });

  it('is over when every device seen in the last day has handed back all of its circles and its own', async () => {
    const [lin, mei] = [await device('lin'), await device('mei')];
    await sessions().start('fang', 'a program that never listened at the doorbell');
    await begin();
    await open();
    expect(homecoming.waiting()).toMatchObject({ devices: 2, missing: 2 });
    await homecoming.cameBack(lin, '302');
    await homecoming.cameBack(lin, 'me');
    await until('one is back', async () => homecoming.waiting()?.missing === 1);
    await homecoming.cameBack(mei, 'me');
    expect(homecomingInWords(homecoming.waiting()!)).toMatch(/1 of 2 devices/);
    await homecoming.cameBack(mei, '302');
    await homecoming.over;
    expect(said.at(-1)).toMatch(/every device is back/);
    homecoming.stop();
    await open();
    expect([homecoming.waiting(), homecoming.restored]).toEqual([null, true]);
  });

  it('waits no longer for a device that was seen more than a day before the last', async () => {
    await device('lin');
    time.advance(27 * hour);
    const mei = await device('mei');
    await begin();
    await open();
    expect(homecoming.waiting()).toMatchObject({ devices: 1 });
    await homecoming.cameBack(mei, '302');
    await homecoming.cameBack(mei, 'me');
    await homecoming.over;
  });

  it('goes on after a restart of the hub where it was, and ends an hour after it began', async () => {
    const lin = await device('lin');
    await device('mei');
    await begin();
    await open();
    await homecoming.cameBack(lin, '302');
    homecoming.stop();
    time.advance(hour / 2);
    await open();
    await homecoming.cameBack(lin, 'me');
    await until('one is back', async () => homecoming.waiting()?.missing === 1);
    homecoming.stop();
    time.advance(hour / 2 - 1_000);
    await open();
    expect(homecoming.waiting()).toMatchObject({ devices: 2, missing: 1 });
    time.advance(1_000);
    await homecoming.over;
    expect(said.at(-1)).toMatch(/some devices are not back/);
  });

  it('ends at the next look where the database did not answer just then', async () => {
    let refused = 0;
    const system = store.couch.database('system');
    const put: typeof system.put = (doc) => (refused++ === 0 ? Promise.reject(new Error('hung up')) : system.put(doc));
    await device('lin');
    await begin();
    await open({ ...store.couch, database: () => ({ ...system, put }) });
    time.advance(hour);
    await until('the database was asked', () => Promise.resolve(refused === 1));
    expect(homecoming.waiting()).not.toBeNull();
    await until('the hub looks again', async () => (time.advance(60_000), refused > 1));
    await homecoming.over;
    expect(homecoming.waiting()).toBeNull();
  });

  it('does not wait for a device that came only after it', async () => {
    await device('lin');
    await begin();
    time.advance(1_000);
    await device('mei');
    await open();
    expect(homecoming.waiting()).toMatchObject({ devices: 1, missing: 1 });
  });

  it('does not wait for a device that signs out meanwhile, nor for a circle that was joined afterwards', async () => {
    const [lin, mei] = [await device('lin'), await device('mei')];
    await begin();
    await open();
    joinedAt = new Date(time.clock() + 1).toISOString();
    await homecoming.cameBack(lin, 'me');
    await until('one is back', async () => homecoming.waiting()?.missing === 1);
    await sessions().end('mei', mei.id);
    time.advance(60_000);
    await isOver();
  });
});
