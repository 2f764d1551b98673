import { expect, test } from 'vitest';
import { createLine } from './line.ts';
import { meOf, openTestDevice } from './testing/devices.ts';
import { createFakeHub, type Weather } from './testing/fake-hub.ts';
import { now } from './testing/records.ts';
import { realTimers } from './timers.ts';

/** A hub that never answers; only its asker may give up. */
const silence: typeof fetch = (_, init) =>
  new Promise((_answer, reject) =>
    init!.signal!.addEventListener('abort', () => reject(init!.signal!.reason as Error))
  );

const lineTo = (hub: typeof fetch) =>
  createLine({
    fetch: hub,
    now: () => 1_000,
    timers: realTimers,
    changed: () => undefined,
    clockFound: () => undefined
  });

test('what hangs when the network goes ends at once, as no answer, and the next request is free to try', async () => {
  let hub = silence;
  const line = lineTo((...asked) => hub(...asked));
  const hanging = line.fetch('http://hub/db/c');
  line.lost();
  await expect(hanging).rejects.toMatchObject({ status: 0 });
  expect(line.offlineSince()).toBe(1_000);
  hub = async (_, init) => {
    init?.signal?.throwIfAborted();
    return new Response('{}');
  };
  expect((await line.fetch('http://hub/db/c')).status).toBe(200);
  expect(line.offlineSince()).toBeNull();
});

test('an asker who gives up is heard too', async () => {
  const line = lineTo(silence);
  const asker = new AbortController();
  const hanging = line.fetch('http://hub/db/c', { signal: asker.signal });
  asker.abort();
  await expect(hanging).rejects.toMatchObject({ status: 0 });
});

test('the line is lost at once when the browser says so, and there again with the first answer', async () => {
  const lin = openTestDevice(createFakeHub(), meOf('lin'));
  lin.lineLost();
  await lin.tellStatus();
  expect(lin.status()).toMatchObject({ offlineSince: expect.any(Number) });
  await lin.pullAll();
  await lin.tellStatus();
  expect(lin.status()).toMatchObject({ offlineSince: null });
});

test('a phone three days ahead or behind keeps the hub’s time, also when opened again without a line', async () => {
  for (const wrong of ['2026-03-04T08:00:00Z', '2026-02-26T08:00:00Z']) {
    const hub = createFakeHub();
    hub.setClock(now);
    let weather: Weather = 'fine';
    let lin = openTestDevice(
      hub,
      meOf('lin'),
      () => weather,
      undefined,
      () => Date.parse(wrong)
    );
    await lin.open();
    await lin.refreshMe();
    expect(new Date(lin.hubNow()).toISOString()).toBe(now);
    weather = 'lose-request';
    lin = await lin.crash();
    await lin.open();
    expect(new Date(lin.hubNow()).toISOString()).toBe(now);
    await lin.tellStatus();
    expect(lin.status()?.clockOffsetMs).toBe(Date.parse(now) - Date.parse(wrong));
  }
});
