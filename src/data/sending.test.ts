import { expect, test } from 'vitest';
import { circle, meOf, openTestDevice } from './testing/devices.ts';
import { createFakeHub, type Weather } from './testing/fake-hub.ts';
import { pot } from './testing/records.ts';

test('what is written offline waits, is counted, and goes out once', async () => {
  const hub = createFakeHub();
  let weather: Weather = 'lose-request';
  const lin = openTestDevice(hub, meOf('lin'), () => weather);
  await lin.write(circle, pot('lin'));
  expect(await lin.sendAll()).toBe(false);
  await lin.tellStatus();
  expect(lin.status()).toMatchObject({ waiting: 1, offlineSince: expect.any(Number) });
  weather = 'fine';
  expect(await lin.sendAll()).toBe(true);
  await lin.tellStatus();
  expect(lin.status()).toMatchObject({ waiting: 0, offlineSince: null });
  expect((await hub.database(circle).info()).doc_count).toBe(1);
});

test('without a line nothing is an error that anybody must hear of', async () => {
  const hub = createFakeHub();
  const lin = openTestDevice(hub, meOf('lin'), () => 'lose-request');
  await lin.refreshMe();
  await lin.pictures.add(circle, 'a'.repeat(64), new Blob(['jpeg']));
  expect(await lin.sendAll()).toBe(false);
  expect(await lin.settleAll()).toBe(false);
});

test('a note that a crash left of what was never written is gone when the safety net comes by, and is counted no more', async () => {
  const hub = createFakeHub();
  const lin = openTestDevice(hub, meOf('lin'));
  await lin.refreshMe();
  await lin.store.unsent.put({ circle, id: 'lin:listing:lost', rev: '', at: 0 });
  await lin.tellStatus();
  expect(lin.status()).toMatchObject({ waiting: 1 });
  await lin.settleAll();
  await expect.poll(() => lin.status()).toMatchObject({ waiting: 0 });
});

test('a note of a write that is under way in another tab stays, until it is too old to be one', async () => {
  const lin = openTestDevice(createFakeHub(), meOf('lin'));
  await lin.refreshMe();
  const nowMs = Date.parse('2026-03-01T00:00:00Z');
  await lin.store.unsent.bulkPut([
    { circle, id: 'lin:listing:under-way', rev: '', at: nowMs - 4_999 },
    { circle, id: 'lin:listing:lost', rev: '', at: nowMs - 5_000 }
  ]);
  await lin.settleAll();
  expect(await lin.store.unsent.toCollection().primaryKeys()).toEqual([[circle, 'lin:listing:under-way']]);
});

test('an answer lost after the commit leaves one record, sent', async () => {
  const hub = createFakeHub();
  let weather: Weather = 'lose-answer';
  const lin = openTestDevice(hub, meOf('lin'), () => weather);
  await lin.write(circle, pot('lin'));
  await lin.sendAll();
  weather = 'fine';
  await lin.sendAll();
  expect(await lin.store.unsent.count()).toBe(0);
  expect(await hub.database(circle).get('lin:listing:pot', { conflicts: true })).not.toHaveProperty('_conflicts');
});

test('a refused row keeps its words and its reason, and the rest of the batch goes out', async () => {
  const hub = createFakeHub();
  const zhou = openTestDevice(hub, meOf('zhou'));
  // Past the device's own check, as a rule would that only the hub knows.
  await zhou.copyOf(circle).save({ ...pot('lin', 'fake', 'Not mine') });
  await zhou.write(circle, pot('zhou', 'real', 'Mine'));
  await zhou.sendAll();
  await zhou.tellStatus();
  expect(zhou.status()).toMatchObject({ waiting: 0, refused: 1 });
  expect(await zhou.store.refused.toArray()).toMatchObject([
    { id: 'lin:listing:fake', code: 'not-yours', record: { title: 'Not mine' } }
  ]);
  expect(await hub.database(circle).get('zhou:listing:real')).toMatchObject({ title: 'Mine' });
});

test('what did not get through either way is told, so that it is tried again before the safety net comes by', async () => {
  const hub = createFakeHub();
  let weather: Weather = 'lose-request';
  const lin = openTestDevice(hub, meOf('lin'), () => weather);
  await lin.write(circle, pot('lin'));
  await expect.poll(() => lin.heard).toContain('failed');
  for (const bad of ['lose-answer', 'cut', 'error-500'] as const) {
    weather = bad;
    lin.heard.length = 0;
    await lin.ring(circle);
    expect(lin.heard).toEqual(['failed']);
  }
  await lin.refreshMe();
  expect(lin.heard).toEqual(['failed', 'failed']);
  weather = 'fine';
  hub.requests.length = 0;
  await lin.refreshMissedMe();
  await lin.refreshMissedMe();
  expect(hub.requests).toEqual(['GET /api/me']);
});
