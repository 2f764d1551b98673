import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Allotment, Place } from '#domain/allotment/allotment.ts';
import { claimId, makeClaim } from '#domain/claim/claim.ts';
import { listingId } from '#domain/listing/listing.ts';
import { startStore, type TestStore } from '../../../tests/start-store.ts';
import type { Database } from '../couch-database.ts';
import { noteRestored, noteReturned, readReturned } from './returned.ts';

const now = '2026-03-01T08:00:00.000Z';
const trousers = listingId('lin', 'trousers');
const claimOf = (person: string) =>
  makeClaim({ subject: trousers, quantity: 1, status: 'standing' }, { author: person, now });

describe('what a restored hub notes of claims whose places devices hand back', () => {
  let store: TestStore;
  let circle: Database;

  beforeAll(async () => {
    store = await startStore();
    circle = await store.couch.ensure('c-302');
  });
  afterAll(() => store.stop());

  it('names those that are as old as the backup or missing, and not those whose authors were back already', async () => {
    await circle.put(claimOf('mei'));
    await circle.put(claimOf('hao'));
    await noteRestored(circle);
    const { _rev } = (await circle.get<{ _rev: string }>(claimId('hao', trousers)))!;
    await circle.put({ ...claimOf('hao'), quantity: 2, _rev } as { _id: string });

    const place = (person: string, state: Place['state']) => ({ claim: claimId(person, trousers), state }) as Place;
    const places = [
      place('mei', 'given'),
      place('hao', 'waiting'),
      place('xiaoyu', 'waiting'),
      place('granny-wang', 'refused')
    ];
    await noteReturned(circle, [{ subject: trousers, places } as Allotment]);

    const { offers } = (await readReturned(circle))!;
    expect(offers).toEqual({ [trousers]: '' });
    const mine = (await circle.get<{ _rev: string }>(claimId('mei', trousers)))!;
    expect((await readReturned(circle))?.claims).toEqual({
      [claimId('mei', trousers)]: mine._rev,
      [claimId('xiaoyu', trousers)]: ''
    });
  });
});
