import { afterAll, beforeAll, expect, it } from 'vitest';
import { allotmentId, type Allotment } from '#domain/allotment/allotment.ts';
import { makeClaim } from '#domain/claim/claim.ts';
import { makeListing, type Listing } from '#domain/listing/listing.ts';
import type { HubProcess } from '../hub-process.ts';
import { moveIn, signIn, type Person } from '../people.ts';
import { onEveryBackendAsProcess } from '../start-hub.ts';
import { until } from '../until.ts';
import { createPushing, docsInBatch } from './pushing.ts';

const now = new Date().toISOString();

onEveryBackendAsProcess('a hub killed while ten devices push', (startHub) => {
  let hub: HubProcess;
  let circle: string;
  let devices: Person[];
  let offer: Listing;
  let pushing: ReturnType<typeof createPushing>;

  beforeAll(async () => {
    hub = await startHub();
    const names = ['Lin', 'Mei', 'Fang', 'Hao', 'Zhou'] as const;
    const household = await moveIn(hub.url, { setup: hub.setUpToken, names });
    circle = household.circle;
    devices = [...household.people, ...(await Promise.all(household.people.map((person) => signIn(hub.url, person))))];
    pushing = createPushing(hub, circle, devices);
    offer = makeListing({ title: 'Jujubes', quantity: 2 }, { author: devices[0]!.id, now, key: 'jujubes' });
    await devices[0]!.write(circle, offer);
  }, 60_000);
  afterAll(() => hub.remove());

  it('loses nothing that it acknowledged, five times over, hub and store at once', { timeout: 120_000 }, async () => {
    for (const answers of [1, 11, 23, 37, 50]) {
      await pushing.killAfter(answers, hub.killAll);
      expect(await pushing.missing()).toEqual([]);
    }
    expect(pushing.acknowledged.size).toBeGreaterThanOrEqual(5 * docsInBatch);
  });

  it(
    'loses nothing when only the hub is killed and its store is left to end by itself',
    { timeout: 60_000 },
    async () => {
      await pushing.killAfter(17, hub.kill);
      expect(await pushing.missing()).toEqual([]);
    }
  );

  it('[R6] answers after the kill every claim that it had acknowledged before, once', { timeout: 60_000 }, async () => {
    const claimers = devices.slice(1, 5);
    await Promise.all(
      claimers.map((person) => person.write(circle, makeClaim({ subject: offer._id }, { author: person.id, now })))
    );
    await hub.killAll();
    await hub.start();
    const { places, next } = await until('all are answered', async () => {
      const allotment = await devices[0]!.read<Allotment>(circle, allotmentId(offer._id));
      return allotment?.places.length === claimers.length && allotment;
    });
    expect(places.map(({ state }) => state)).toEqual(['given', 'given', 'waiting', 'waiting']);
    expect(new Set(places.map(({ claim }) => claim)).size).toBe(4);
    expect(next).toBe(5);
  });
});
