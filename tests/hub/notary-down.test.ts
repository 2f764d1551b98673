import { afterAll, beforeAll, expect, it } from 'vitest';
import { allotmentId, type Allotment } from '#domain/allotment/allotment.ts';
import { claimId, makeClaim } from '#domain/claim/claim.ts';
import { makeListing } from '#domain/listing/listing.ts';
import { moveIn, through, type Person } from '../people.ts';
import { onEveryBackend, startHub, type TestHub } from '../start-hub.ts';
import type { TestStore } from '../start-store.ts';
import { until } from '../until.ts';

const now = new Date().toISOString();

onEveryBackend('two hubs on one database, of which one is the notary', (startStore) => {
  let store: TestStore;
  let first: TestHub;
  let circle: string;
  let lin: Person;
  let others: Person[];

  beforeAll(async () => {
    store = await startStore();
    first = await startHub(store);
    const names = ['Lin', 'Mei', 'Fang', 'Hao', 'Zhou'] as const;
    const household = await moveIn(first.url, { setup: first.setup, names });
    circle = household.circle;
    [lin, ...others] = household.people;
  });
  afterAll(() => store.stop());

  it('[R6] what is claimed while the notary is down is settled when it is back, in the order of its arrival', async () => {
    const offer = makeListing({ title: 'Jujubes', quantity: 2, unit: 'jin' }, { author: lin.id, now, key: 'jujubes' });
    await lin.write(circle, offer);
    await first.stop();

    const gateOnly = await startHub(store, { notary: false, couchUrl: store.url });
    for (const person of others) {
      const claim = makeClaim({ subject: offer._id }, { author: person.id, now });
      expect(await through(gateOnly.url, person).write(circle, claim)).toEqual([]);
    }
    const database = store.couch.database(`c-${circle}`);
    expect(await database.get(allotmentId(offer._id))).toBeNull();

    const notary = await startHub(store, { couchUrl: store.url });
    const answered = (claims: number) =>
      until('the notary has answered', async () => {
        const allotment = await database.get<Allotment>(allotmentId(offer._id));
        return allotment?.places.length === claims && allotment;
      });
    const { places } = await answered(4);
    expect(places.map(({ claim, state }) => [claim, state])).toEqual(
      others.map(({ id }, index) => [claimId(id, offer._id), index < 2 ? 'given' : 'waiting'])
    );
    await notary.stop();
    await gateOnly.stop();
  });
});
