import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startStore, type TestStore } from '../../tests/start-store.ts';
import { createBell, type Ring } from './bell.ts';
import type { Database } from './couch-database.ts';
import { canonicalJson, openHubKey, type HubKey } from './hub-key.ts';
import { createHubRecords, type HubRecords } from './hub-records.ts';

type Note = { _id: string; _rev: string; counter: number; createdAt: string; updatedAt: string; text: string };

describe("the hub's own records", () => {
  let store: TestStore;
  let circle: Database;
  let key: HubKey;
  let records: HubRecords;
  let rings: Ring[];
  let now = 0;

  beforeAll(async () => {
    store = await startStore();
    circle = await store.couch.ensure('c-302');
    key = await openHubKey(store.couch, () => now);
  });
  afterAll(() => store.stop());
  beforeEach(() => {
    rings = [];
    const bell = createBell();
    bell.on((ring) => rings.push(ring));
    records = createHubRecords({ couch: store.couch, bell, key, clock: () => now });
  });
  const put = (id: string, text: string) => records.put<Note>('c-302', id, () => ({ text }));

  it('[R11] carry the next counter and a signature that covers every field', async () => {
    now = 1_000;
    await put('hub:circle:self', 'one');
    now = 2_000;
    const second = (await put('hub:circle:self', 'two'))!;
    expect(second).toMatchObject({ kind: 'circle', v: 1, counter: 2, text: 'two' });
    expect([second.createdAt, second.updatedAt].map(Date.parse)).toEqual([1_000, 2_000]);
    expect(await circle.get('hub:circle:self')).toEqual(second);
    expect(key.verify(second, 'c-302')).toBe(true);
    expect(key.verify({ ...second, counter: 3 }, 'c-302')).toBe(false);
    expect(key.verify(second, 'c-303')).toBe(false);
    expect(key.verify({ ...second, text: 'three' }, 'c-302')).toBe(false);
    expect(key.verify({ ...second, _revisions: { start: 1, ids: ['a'] } }, 'c-302')).toBe(true);
  });

  it('are not written again, nor rung for, when nothing is new', async () => {
    const before = await put('hub:member:mei', 'the same');
    expect(await put('hub:member:mei', 'the same')).toEqual(before);
    expect(await records.put('c-302', 'hub:member:mei', () => null)).toEqual(before);
    expect(rings).toEqual([{ circle: '302', ids: ['hub:member:mei'] }]);
  });

  it('see what another process wrote in between', async () => {
    const stale = await put('hub:member:fang', 'a');
    await put('hub:member:fang', 'ab');
    const [after] = await records.putAll<Note>('c-302', [
      { id: 'hub:member:fang', before: stale, change: (before) => ({ text: `${before?.text}c` }) }
    ]);
    expect(after).toMatchObject({ text: 'abc', counter: 3 });
  });

  it('[R4] leave a tombstone, and can be made again', async () => {
    await put('hub:member:hao', 'here');
    await records.remove('c-302', 'hub:member:hao');
    await records.remove('c-302', 'hub:member:hao');
    expect(await circle.get('hub:member:hao')).toBeNull();
    expect(await put('hub:member:hao', 'again')).toMatchObject({ counter: 1 });
    expect(rings).toHaveLength(3);
  });

  it('are rung for where the database wrote them and its answer was lost, for nobody would tell of them later', async () => {
    await put('hub:member:hao', 'here');
    const bell = createBell();
    bell.on((ring) => rings.push(ring));
    const couch = { ...store.couch, database: (name: string) => withoutAnswers(store.couch.database(name)) };
    const unheard = createHubRecords({ couch, bell, key, clock: () => now });
    rings = [];
    await expect(unheard.put('c-302', 'hub:member:hao', () => ({ text: 'gone' }))).rejects.toThrow('no answer');
    await expect(unheard.remove('c-302', 'hub:member:hao')).rejects.toThrow('no answer');
    expect(await circle.get('hub:member:hao')).toBeNull();
    expect(rings).toEqual(Array(2).fill({ circle: '302', ids: ['hub:member:hao'] }));
  });

  it('are signed by one key, whoever starts first', async () => {
    const other = await store.couch.ensure('system');
    await other.destroy();
    const [one, two] = await Promise.all([openHubKey(store.couch, () => 0), openHubKey(store.couch, () => 0)]);
    const record = { _id: 'hub:circle:self', text: 'one' };
    expect(two.verify({ ...record, signature: one.sign(record, 'c-302') }, 'c-302')).toBe(true);
    expect(one.verify(null, 'c-302')).toBe(false);
    expect(one.verify({ ...record, signature: 'short' }, 'c-302')).toBe(false);
  });

  it('are signed over content, not over the order of its fields', () => {
    expect(canonicalJson({ b: [1, undefined, { d: 1, c: 2 }], a: undefined })).toBe('{"b":[1,null,{"c":2,"d":1}]}');
  });
});

/** Takes every batch, and never says so. */
const withoutAnswers = (database: Database): Database => ({
  ...database,
  async bulkDocs(...batch) {
    await database.bulkDocs(...batch);
    throw new Error('no answer');
  }
});
