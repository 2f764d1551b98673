import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeClaim } from '#domain/claim/claim.ts';
import { deliveredId, type Delivered } from '#domain/delivered/delivered.ts';
import { makeMessage, messageId } from '#domain/message/message.ts';
import { hubTime } from '../../tests/hub-time.ts';
import { startStore, type TestStore } from '../../tests/start-store.ts';
import { createBell, type Bell } from './bell.ts';
import type { Database } from './couch-database.ts';
import { startDelivery, type Delivery } from './delivery.ts';
import { openHubKey, type HubKey } from './hub-key.ts';
import { createHubRecords } from './hub-records.ts';

const now = '2026-03-01T08:00:00.000Z';
const time = hubTime();
const word = messageId('lin', 'word');

describe('delivery', () => {
  let store: TestStore;
  let key: HubKey;
  let bell: Bell;
  let delivery: Delivery;
  let circles: Record<string, string[]>;
  const home = (person: string): Database => store.couch.database(`me-${person}`);

  beforeAll(async () => {
    store = await startStore();
    key = await openHubKey(store.couch, time.clock);
  });
  afterAll(() => store.stop());

  const start = () => {
    const { couch } = store;
    const hubRecords = createHubRecords({ couch, bell, key, clock: time.clock });
    const membership = { circlesOf: async (person: string) => circles[person] ?? [] };
    delivery = startDelivery({
      couch,
      bell,
      hubRecords,
      membership,
      clock: time.clock,
      timers: time.timers,
      log: { error() {} }
    });
  };
  beforeEach(async () => {
    circles = { lin: ['302'], mei: ['302'], fang: ['302', '303'], hao: ['303'] };
    bell = createBell();
    for (const person of ['lin', 'mei', 'fang', 'hao']) await home(person).destroy();
    await store.couch.ensure('me-lin');
    start();
  });
  afterEach(() => delivery.stop());

  const write = async (doc: object & { _id: string }) => {
    const before = await home('lin').get<{ _rev: string }>(doc._id);
    await home('lin').put({ ...doc, ...(before && { _rev: before._rev }) });
    bell.ring({ person: 'lin', ids: [doc._id] });
    await delivery.settled();
  };
  const message = (to: string[], more: object = {}) => ({
    ...makeMessage({ to, circle: '302', text: 'At the gate at six?' }, { author: 'lin', now, key: 'word' }),
    ...more
  });
  const got = async (person: string) => {
    await store.couch.ensure(`me-${person}`);
    return home(person).get<Delivered>(deliveredId(word));
  };

  it('[R13] copies a record to whom it is addressed, as its author wrote it, and to nobody else', async () => {
    await write(message(['mei', 'fang']));
    const copy = (await got('mei'))!;
    expect(copy).toMatchObject({ subject: word, from: 'lin', record: { _id: word, text: 'At the gate at six?' } });
    expect(copy.record).not.toHaveProperty('_rev');
    expect(key.verify(copy, 'me-mei')).toBe(true);
    expect(await got('fang')).not.toBeNull();
    expect(await got('hao')).toBeNull();
    expect(await home('lin').get(deliveredId(word))).toBeNull();
  });

  it('[R13] changes the copy with the record, and takes it away with it', async () => {
    await write(message(['mei', 'fang']));
    await write(message(['mei'], { text: 'At seven.' }));
    expect((await got('mei'))!.record).toMatchObject({ text: 'At seven.' });
    expect(await got('fang')).toBeNull();
    await write({ _id: word, _deleted: true } as never);
    expect(await got('mei')).toBeNull();
  });

  it('[R4] takes the copy of a withdrawn record away, and brings it back', async () => {
    await write(message(['mei']));
    await write(message(['mei'], { status: 'withdrawn' }));
    expect(await got('mei')).toBeNull();
    await write(message(['mei']));
    expect(await got('mei')).not.toBeNull();
  });

  it('[R13] reaches nobody with whom the author shares neither circle nor order', async () => {
    await write(message(['hao', 'nobody', 'hub', '../me-mei']));
    expect(await got('hao')).toBeNull();
    expect(await store.couch.list()).not.toContain('me-nobody');
  });

  it('[R13] reaches the other side of an order though she has left the circle, and no third person', async () => {
    const circle = await store.couch.ensure('c-302');
    const claim = makeClaim({ subject: 'lin:listing:trousers' }, { author: 'hao', now });
    await circle.put(claim);
    await write(message(['hao'], { subject: claim._id }));
    expect(await got('hao')).not.toBeNull();
    circles = { lin: ['302'] };
    await write(message(['hao', 'mei'], { subject: claim._id }));
    expect(await got('hao')).not.toBeNull();
    expect(await got('mei')).toBeNull();
    await write(message(['hao'], { subject: 'hao:claim:lin:listing:made-up' }));
    expect(await got('hao')).toBeNull();
  });

  it('[R13] lets nobody use an order of others to reach one of them', async () => {
    const circle = await store.couch.ensure('c-302');
    const others = makeClaim({ subject: 'mei:listing:pot' }, { author: 'hao', now });
    await circle.put(others);
    circles = { lin: ['302'] };
    await write(message(['hao', 'mei'], { subject: others._id }));
    expect([await got('hao'), await got('mei')]).toEqual([null, null]);
  });

  it('[R13] keeps for the hub what is addressed to the hub', async () => {
    await write(message([], { to: 'hub' }));
    expect((await store.couch.list()).filter((name) => name.startsWith('me-'))).toEqual(['me-lin']);
  });

  it('[R13] delivers what was written, and takes back what was deleted, while it was down', async () => {
    await write(message(['fang']));
    await delivery.stop();
    await write(message(['mei']));
    expect(await got('mei')).toBeNull();
    start();
    await delivery.settled();
    expect(await got('mei')).not.toBeNull();
    expect(await got('fang')).toBeNull();
    await delivery.stop();
    await write({ _id: word, _deleted: true } as never);
    start();
    await delivery.settled();
    expect(await got('mei')).toBeNull();
  });
});
