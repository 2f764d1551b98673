import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DeviceStore, Picture, Unsent } from '../device-store.ts';
import { createTablesDisk, openMemoryStore } from './memory-tables.ts';
import { memoryStore } from './memory-pouch.ts';

const circle = fc.constantFrom('302', '303', 'me');
const id = fc.constantFrom('a', 'b', 'c', 'd');
const at = fc.nat(3);

type Act = (store: DeviceStore) => Promise<unknown>;
const unsent = fc.record({ circle, id, rev: fc.constantFrom('', '1-a'), at }) as fc.Arbitrary<Unsent>;
const picture = fc.record({
  circle,
  hash: id,
  usedAt: at,
  bytes: at,
  waits: fc.constantFrom(0, 1)
}) as fc.Arbitrary<Picture>;

/** What the device's code asks of its tables. */
const act: fc.Arbitrary<Act> = fc.oneof(
  unsent.map(
    (row): Act =>
      (store) =>
        store.unsent.put(row).then(() => null)
  ),
  fc.tuple(circle, id).map(
    (key): Act =>
      (store) =>
        store.unsent.get(key)
  ),
  fc.tuple(circle, id).map(
    (key): Act =>
      (store) =>
        store.unsent.delete(key).then(() => null)
  ),
  fc.tuple(circle, id, at).map(
    ([where, key, to]): Act =>
      (store) =>
        store.unsent.update([where, key], { at: to })
  ),
  circle.map(
    (value): Act =>
      (store) =>
        store.unsent.where('circle').equals(value).toArray()
  ),
  fc.array(circle).map(
    (values): Act =>
      (store) =>
        store.unsent.where('circle').anyOf(values).count()
  ),
  fc.array(picture).map(
    (rows): Act =>
      (store) =>
        store.pictures.bulkPut(rows.map((row) => ({ ...row, size: 0 }))).then(() => null)
  ),
  fc.constant<Act>((store) => store.pictures.where('waits').equals(1).primaryKeys()),
  fc.constant<Act>((store) =>
    store.pictures.where('[waits+usedAt+bytes]').between([0, 0], [0, Infinity]).reverse().limit(2).toArray()
  ),
  fc.nat(3).map((most): Act => async (store) => {
    const keys: unknown[] = [];
    await store.pictures
      .where('[waits+usedAt+bytes]')
      .between([0, 0], [0, Infinity])
      .until(() => keys.length >= most)
      .eachKey((key, { primaryKey }) => keys.push([key, primaryKey]));
    return keys;
  }),
  fc.array(fc.tuple(circle, id)).map(
    (keys): Act =>
      (store) =>
        store.pictures
          .where(':id')
          .anyOf(keys.map((key) => [...key, 0] as [string, string, number]))
          .primaryKeys()
  ),
  unsent.map(
    (row): Act =>
      (store) =>
        store
          .transaction('rw', store.unsent, store.feeds, async () => {
            await store.unsent.put({ ...row, rev: 'lost' });
            await store.feeds.clear();
            throw new RangeError('changed my mind');
          })
          .catch((error: unknown) => (error as Error).name)
  )
);

test('tables in memory answer as Dexie’s do, and a transaction that fails leaves nothing', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 5, maxLength: 40 }), async (acts) => {
      const [real, memory] = [memoryStore(), openMemoryStore(createTablesDisk())];
      for (const each of acts) expect(await each(memory)).toEqual(await each(real));
      expect(await memory.unsent.toArray()).toEqual(await real.unsent.toArray());
      real.close();
    }),
    { numRuns: 60 }
  );
}, 60_000);

test('a connection that dies in a transaction leaves nothing of it, and lets the next one in', async () => {
  const disk = createTablesDisk();
  const [first, second] = [openMemoryStore(disk), openMemoryStore(disk)];
  const reached = Promise.withResolvers<void>();
  void first.transaction('rw', first.feeds, async () => {
    await first.feeds.put({ circle: '302', since: '9' });
    reached.resolve();
    await first.feeds.put({ circle: '303', since: '9' });
    await new Promise(() => undefined);
  });
  await reached.promise;
  const waiting = second.feeds.count();
  first.kill();
  expect(await waiting).toBe(0);
  expect(
    await second.transaction('rw', second.feeds, () => second.feeds.put({ circle: '302', since: '1' }))
  ).toBeUndefined();
});
