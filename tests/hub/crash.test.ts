import { afterAll, beforeAll, expect, it } from 'vitest';
import { allotmentId, type Allotment } from '#domain/allotment/allotment.ts';
import { makeClaim } from '#domain/claim/claim.ts';
import { makeListing, type Listing } from '#domain/listing/listing.ts';
import type { HubProcess } from '../hub-process.ts';
import { moveIn, signIn, type Person } from '../people.ts';
import { onEveryBackendAsProcess } from '../start-hub.ts';
import { until } from '../until.ts';

const now = new Date().toISOString();

/** Fewer than a device's own batch, so that a kill falls between answers and not before the first. */
const docsInBatch = 10;

onEveryBackendAsProcess('a hub killed while ten devices push', (startHub) => {
  let hub: HubProcess;
  let circle: string;
  let devices: Person[];
  let offer: Listing;
  const acknowledged = new Set<string>();
  let batches = 0;

  beforeAll(async () => {
    hub = await startHub();
    const names = ['Lin', 'Mei', 'Fang', 'Hao', 'Zhou'] as const;
    const household = await moveIn(hub.url, { setup: hub.setUpToken, names });
    circle = household.circle;
    devices = [...household.people, ...(await Promise.all(household.people.map((person) => signIn(hub.url, person))))];
    offer = makeListing({ title: 'Jujubes', quantity: 2 }, { author: devices[0]!.id, now, key: 'jujubes' });
    await devices[0]!.write(circle, offer);
  }, 60_000);
  afterAll(() => hub.remove());

  /** Pushes batch after batch until the hub is gone; what it acknowledged is noted. */
  const push = async (device: Person, onAnswer: () => void) => {
    for (;;) {
      const batch = batches++;
      const docs = Array.from({ length: docsInBatch }, (_, n) =>
        makeListing({ title: 'One of many' }, { author: device.id, now, key: `b${batch}-${n}` })
      );
      try {
        await device.write(circle, ...docs);
      } catch {
        return;
      }
      for (const { _id } of docs) acknowledged.add(_id);
      onAnswer();
    }
  };

  /** Lets all push, and kills once the hub has answered so many batches: in the middle of the next ones. */
  const killDuringPush = async (answers: number, kill: () => Promise<void>) => {
    let left = answers;
    await new Promise<void>((resolve) => {
      const pushes = devices.map((device) =>
        push(device, () => {
          if (--left === 0) void kill();
        })
      );
      void Promise.all(pushes).then(() => resolve());
    });
    await hub.start();
  };

  const missing = async () => {
    const { body } = await devices[1]!.call('POST', `/db/${circle}/_all_docs`, { keys: [...acknowledged] });
    return (body['rows'] as { key: string; error?: string }[]).filter(({ error }) => error).map(({ key }) => key);
  };

  it('loses nothing that it acknowledged, five times over, hub and store at once', { timeout: 120_000 }, async () => {
    for (const answers of [1, 11, 23, 37, 50]) {
      await killDuringPush(answers, hub.killAll);
      expect(await missing()).toEqual([]);
    }
    expect(acknowledged.size).toBeGreaterThanOrEqual(5 * docsInBatch);
  });

  it(
    'loses nothing when only the hub is killed and its store is left to end by itself',
    { timeout: 60_000 },
    async () => {
      await killDuringPush(17, hub.kill);
      expect(await missing()).toEqual([]);
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
