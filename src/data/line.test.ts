import { expect, test } from 'vitest';
import { createLine } from './line.ts';
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
