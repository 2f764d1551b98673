import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deliveredId } from '#domain/delivered/delivered.ts';
import type { RecordId } from '#domain/id.ts';
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

  /** Lin's word to Mei, delivered. */
  async function say(key: string): Promise<RecordId> {
    const at = { author: lin.id, now: '2026-03-01T08:00:00.000Z', key };
    const message = makeMessage({ to: [mei.id], circle, text: 'At eight?' }, at);
    await lin.write('me', message);
    await expect.poll(() => mei.read('me', deliveredId(message._id))).not.toBeNull();
    return message._id;
  }

  async function drop(message: RecordId): Promise<void> {
    const { _rev } = (await lin.read<{ _rev: string }>('me', message))!;
    await lin.write('me', { _id: message, _rev, _deleted: true });
  }

  it('go away with the sender’s record, although the hub had lost to whom they went', async () => {
    const message = await say('word');
    const copy = deliveredId(message);
    await store.couch.database(`me-${lin.id}`).putLocal(sentToId(message), { to: [] });
    const { status } = await mei.call('POST', '/api/circles/me/returned', { records: [await mei.read('me', copy)] });
    expect(status).toBe(200);

    await drop(message);
    await expect.poll(() => mei.read('me', copy)).toBeNull();
  });

  it('go away at once where the sender’s device came first and had taken it back', async () => {
    const message = await say('again');
    const copy = deliveredId(message);
    const handedBack = await mei.call('GET', `/db/me/${encodeURIComponent(copy)}?revs=true`);
    await store.couch.database(`me-${lin.id}`).putLocal(sentToId(message), { to: [] });
    await drop(message);
    await expect.poll(() => lin.read('me', message)).toBeNull();
    expect(await mei.read('me', copy)).not.toBeNull();
    await mei.call('POST', '/api/circles/me/returned', { records: [handedBack.body] });
    await expect.poll(() => mei.read('me', copy)).toBeNull();
  });
});
