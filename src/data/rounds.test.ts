import { expect, test } from 'vitest';
import { circle, meOf, openTestDevice, rowsOf } from './testing/devices.ts';
import { createFakeHub } from './testing/fake-hub.ts';
import { pot } from './testing/records.ts';

test('a record that no note says is unsent is still handed to the hub', async () => {
  const hub = createFakeHub();
  const lin = openTestDevice(hub, meOf('lin'));
  await lin.copyOf(circle).log.put(pot('lin'));
  await lin.settleAll();
  expect(await hub.database(circle).get('lin:listing:pot')).toMatchObject({ title: 'Pot' });
});

test('a place that is ahead of its rows is made good by the safety net', async () => {
  const hub = createFakeHub();
  const mei = openTestDevice(hub, meOf('mei'));
  await mei.settleAll();
  await hub.database(circle).bulkDocs([pot('lin', 'one'), pot('lin', 'two')]);
  await mei.store.feeds.update(circle, { since: '2' });
  await mei.pullAll();
  expect(await mei.model.listing.count()).toBe(0);
  await mei.settleAll();
  expect(await mei.model.listing.count()).toBe(2);
});

test('a lost place costs a second reading and changes nothing', async () => {
  const hub = createFakeHub();
  const mei = openTestDevice(hub, meOf('mei'));
  await hub.database(circle).bulkDocs([pot('lin', 'one'), pot('lin', 'two')]);
  await mei.settleAll();
  const before = await rowsOf(mei);
  await mei.store.feeds.clear();
  await mei.settleAll();
  expect(await rowsOf(mei)).toEqual(before);
});
