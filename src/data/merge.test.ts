import { expect, test } from 'vitest';
import { listingId } from '#domain/listing/listing.ts';
import { converge, expectEqual } from './testing/convergence.ts';
import { circle, meOf, openTestDevice } from './testing/devices.ts';
import { createFakeHub } from './testing/fake-hub.ts';
import { claimOf, now, pot } from './testing/records.ts';

test('[R10] what a device merged goes out by itself', async () => {
  const hub = createFakeHub();
  const phone = openTestDevice(hub, meOf('lin'));
  const laptop = openTestDevice(hub, meOf('lin'));
  await phone.write(circle, pot('lin', 'pot', 'Pot'));
  await phone.sendAll();
  await laptop.write(circle, { ...pot('lin', 'pot', 'Big pot'), updatedAt: '2026-03-01T09:00:00.000Z' });
  await laptop.sendAll();
  await laptop.pullAll();
  const branches = async () => (await hub.database(circle).get('lin:listing:pot', { conflicts: true }))._conflicts;
  await expect.poll(branches).toBeUndefined();
  await expect.poll(() => laptop.store.unsent.count()).toBe(0);
});

test('[R10] ticks set on two phones of one person are both kept, and no branch stays open', async () => {
  const hub = createFakeHub();
  const phone = openTestDevice(hub, meOf('mei'));
  const laptop = openTestDevice(hub, meOf('mei'));
  const claim = claimOf('mei', listingId('lin', 'pot'));
  await phone.write(circle, claim);
  await converge([phone, laptop]);
  await phone.write(circle, { ...claim, paid: { how: 'cash', at: now }, updatedAt: '2026-03-01T09:00:00.000Z' });
  await laptop.copyOf(circle).save({ ...claim, receivedAt: now, updatedAt: '2026-03-01T09:30:00.000Z' });
  await converge([phone, laptop]);
  await expectEqual([phone, laptop]);
  const merged = await hub.database(circle).get(String(claim._id), { conflicts: true });
  expect(merged).toMatchObject({ paid: { how: 'cash' }, receivedAt: now });
  expect(merged).not.toHaveProperty('_conflicts');
});

test('[R10] what two phones of one person wrote before either had joined comes together', async () => {
  const hub = createFakeHub();
  const phone = openTestDevice(hub, meOf('lin'));
  const laptop = openTestDevice(hub, meOf('lin'));
  await phone.write(circle, pot('lin', 'pot', 'Pot'));
  await laptop.write(circle, { ...pot('lin', 'pot', 'Big pot'), updatedAt: '2026-03-01T09:00:00.000Z' });
  await converge([phone, laptop]);
  await expectEqual([phone, laptop]);
  expect(await phone.model.listing.toArray()).toMatchObject([{ record: { title: 'Big pot' } }]);
  expect(await hub.database(circle).get('lin:listing:pot', { conflicts: true })).not.toHaveProperty('_conflicts');
});

test('[R10] branches that a crash left unmerged are merged by the safety net', async () => {
  const hub = createFakeHub();
  const lin = openTestDevice(hub, meOf('lin'));
  const branch = (letter: string, title: string) => ({ ...pot('lin', 'pot', title), _rev: `1-${letter.repeat(32)}` });
  await lin.copyOf(circle).log.take([branch('a', 'Pot'), branch('b', 'Pan')]);
  const { last } = await lin.copyOf(circle).log.changes(0, 10);
  await lin.model.projected.put({ circle, seq: last, version: 1 });
  await lin.settleAll();
  expect((await lin.copyOf(circle).log.get('lin:listing:pot'))?._conflicts).toBeUndefined();
});
