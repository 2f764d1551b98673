import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startStore, type TestStore } from '../../tests/start-store.ts';
import { connectCouch } from './couch.ts';
import { copiesOf } from './copies.ts';

const saying = (status: number, body: object) =>
  connectCouch({
    url: 'http://couch.example:5984',
    prefix: 'jujube-',
    fetch: async () => Response.json(body, { status })
  }).database('system');

describe('how many copies there are', () => {
  let store: TestStore;
  beforeAll(async () => {
    store = await startStore();
  });
  afterAll(() => store.stop());

  it('is what a cluster says, and one of a single node', async () => {
    expect(await copiesOf(saying(200, { cluster: { q: 1, n: 3, w: 2, r: 2 } }))).toBe(3);
    expect(await copiesOf(saying(200, { cluster: { q: 2, n: 1, w: 1, r: 1 } }))).toBe(1);
  });

  it('is one of the embedded store, which knows of none', async () => {
    expect(await copiesOf(await store.couch.ensure('system'))).toBe(1);
  });

  it('is nothing that a database in trouble could tell', async () => {
    const trouble = saying(500, { error: 'nodedown', reason: 'progress not possible' });
    await expect(copiesOf(trouble)).rejects.toMatchObject({ status: 500, error: 'nodedown' });
  });
});
