import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deliveredId } from '#domain/delivered/delivered.ts';
import { makeMessage } from '#domain/message/message.ts';
import { moveIn, type Person } from '../../../tests/people.ts';
import { startHub, type TestHub } from '../../../tests/start-hub.ts';
import { startStore, type TestStore } from '../../../tests/start-store.ts';
import { sentToId } from '../delivery.ts';

describe('private words that devices hand back after a restore', () => {
  let store: TestStore;
  let hub: TestHub;
  let lin: Person;
  let mei: Person;
  let circle: string;

  beforeAll(async () => {
    store = await startStore();
    hub = await startHub(store);
    const house = await moveIn(hub.url, { setup: hub.setup, names: ['Lin', 'Mei'] });
    [lin, mei] = house.people;
    circle = house.circle;
  });
  afterAll(async () => {
    await hub.stop();
    await store.stop();
  });

  it('go away with the sender’s record, although the hub had lost to whom they went', async () => {
    const at = { author: lin.id, now: '2026-03-01T08:00:00.000Z', key: 'word' };
    const message = makeMessage({ to: [mei.id], circle, text: 'At eight?' }, at);
    const copy = deliveredId(message._id);
    await lin.write('me', message);
    await expect.poll(() => mei.read('me', copy)).not.toBeNull();

    await store.couch.database(`me-${lin.id}`).putLocal(sentToId(message._id), { to: [] });
    const { status } = await mei.call('POST', '/api/circles/me/returned', { records: [await mei.read('me', copy)] });
    expect(status).toBe(200);

    const { _rev } = (await lin.read<{ _rev: string }>('me', message._id))!;
    await lin.write('me', { _id: message._id, _rev, _deleted: true });
    await expect.poll(() => mei.read('me', copy)).toBeNull();
  });
});
