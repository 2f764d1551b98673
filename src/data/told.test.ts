import { expect, test } from 'vitest';
import { listingId } from '#domain/listing/listing.ts';
import type { Stored } from './log.ts';
import type { Told } from './replicate.ts';
import { expectEqual } from './testing/convergence.ts';
import { circle, meOf, openTestDevice } from './testing/devices.ts';
import { createFakeHub, type FakeHub } from './testing/fake-hub.ts';
import { pot } from './testing/records.ts';

/** What the doorbell would tell of the hub's newest write of this record, and of nothing else. */
async function told(hub: FakeHub, id: string, from: string) {
  const database = hub.database(circle);
  const doc = (await database.get(id, { revs: true })) as Stored;
  return { docs: [doc], from, to: String((await database.info()).update_seq) };
}
const seqOf = async (hub: FakeHub) => String((await hub.database(circle).info()).update_seq);

/** Two devices that both have Lin's pot. */
async function withOnePot() {
  const hub = createFakeHub();
  const lin = openTestDevice(hub, meOf('lin'));
  const mei = openTestDevice(hub, meOf('mei'));
  await lin.write(circle, pot('lin'));
  await lin.sendAll();
  await mei.pullAll();
  return { hub, lin, mei };
}

test('[S1] what a ring tells shows without a question, and what it left out is asked for', async () => {
  const hub = createFakeHub();
  const lin = openTestDevice(hub, meOf('lin'));
  const mei = openTestDevice(hub, meOf('mei'));
  await lin.write(circle, pot('lin', 'before'));
  await lin.sendAll();
  await mei.pullAll();
  const titleAt = async (key: string) => (await mei.model.listing.get([circle, listingId('lin', key)]))?.record.title;

  const first = await seqOf(hub);
  await lin.write(circle, pot('lin'));
  await lin.sendAll();
  hub.requests.length = 0;
  const one = await told(hub, listingId('lin', 'pot'), first);
  await mei.ring(circle, one.to, one);
  expect(await titleAt('pot')).toBe('Pot');
  expect(hub.requests).toEqual([]);

  await lin.write(circle, pot('lin', 'missed', 'Nobody told of it'));
  await lin.sendAll();
  const second = await seqOf(hub);
  await lin.write(circle, pot('lin', 'pan', 'Pan'));
  await lin.sendAll();
  hub.requests.length = 0;
  const two = await told(hub, listingId('lin', 'pan'), second);
  await mei.ring(circle, two.to, two);
  expect(hub.requests).toEqual([`GET /db/${circle}/_changes`]);
  expect([await titleAt('pan'), await titleAt('missed')]).toEqual(['Pan', 'Nobody told of it']);
  await expectEqual([lin, mei]);
});

test('rings that came in another order move the place over none of them', async () => {
  const { hub, lin, mei } = await withOnePot();
  const rings = [];
  for (const title of ['Two', 'Three', 'Four']) {
    const from = await seqOf(hub);
    await lin.write(circle, pot('lin', 'pot', title));
    await lin.sendAll();
    rings.push(await told(hub, listingId('lin', 'pot'), from));
  }
  const [two, three, four] = rings as [Told, Told, Told];
  // The parent of the newest is not here yet: on its own it would be a branch that nothing ever merges.
  await Promise.all([four, two, three].map((one) => mei.ring(circle, one.to, one)));
  expect(await mei.model.listing.get([circle, listingId('lin', 'pot')])).toMatchObject({ record: { title: 'Four' } });
  expect((await mei.copyOf(circle).log.get(listingId('lin', 'pot')))?._conflicts).toBeUndefined();
  expect((await mei.store.feeds.get(circle))?.since).toBe(await seqOf(hub));
  await expectEqual([lin, mei]);
});

test('[R10] a ring that tells several leaves of one record brings them all', async () => {
  const { hub, lin, mei } = await withOnePot();
  const from = await seqOf(hub);
  const id = listingId('lin', 'pot');
  const [first] = await lin.copyOf(circle).log.leaves([id]);
  const { start, ids } = first!._revisions!;
  const leaf = (letter: string): Stored => ({
    ...first!,
    title: `Pot ${letter}`,
    _rev: `2-${letter.repeat(32)}`,
    _revisions: { start: start + 1, ids: [letter.repeat(32), ...ids] }
  });
  const docs = [leaf('a'), leaf('b')];
  await hub.database(circle).bulkDocs(docs, { new_edits: false });
  const one = { docs, from, to: await seqOf(hub) };
  hub.requests.length = 0;
  await mei.ring(circle, one.to, one);
  expect(hub.requests).toEqual([]);
  expect(await mei.copyOf(circle).log.leaves([id])).toHaveLength(2);
});

test('a ring that cannot say what was before it shows at once, and the hub is asked behind it', async () => {
  const hub = createFakeHub();
  const lin = openTestDevice(hub, meOf('lin'));
  const mei = openTestDevice(hub, meOf('mei'));
  await mei.pullAll();
  await lin.write(circle, pot('lin', 'missed', 'Nobody told of it'));
  await lin.write(circle, pot('lin'));
  await lin.sendAll();
  const { docs, to } = await told(hub, listingId('lin', 'pot'), '0');
  hub.requests.length = 0;
  await mei.ring(circle, to, { docs, to });
  expect(hub.requests).toEqual([`GET /db/${circle}/_changes`]);
  expect(await mei.model.listing.count()).toBe(2);
  expect((await mei.store.feeds.get(circle))?.since).toBe(to);
});
