import { request } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { HubProcess } from '../hub-process.ts';
import { moveIn, signIn, type Person } from '../people.ts';
import { readDoorbell } from '../read-doorbell.ts';
import { onEveryBackendAsProcess } from '../start-hub.ts';
import { createPushing } from './pushing.ts';

/** Well within what is left to answers under way; a hub that needs longer hangs on something. */
const stopsWithinMs = 8_000;

onEveryBackendAsProcess('a hub that is told to stop while ten devices push', (startHub) => {
  let hub: HubProcess;
  let circle: string;
  let devices: Person[];
  let pushing: ReturnType<typeof createPushing>;

  beforeAll(async () => {
    hub = await startHub();
    const household = await moveIn(hub.url, { setup: hub.setUpToken, names: ['Lin', 'Mei', 'Fang', 'Hao', 'Zhou'] });
    circle = household.circle;
    devices = [...household.people, ...(await Promise.all(household.people.map((person) => signIn(hub.url, person))))];
    pushing = createPushing(hub, circle, devices);
  }, 60_000);
  afterAll(() => hub.remove());

  /** A batch of which the hub has the first half. */
  const halfSent = async (device: Person) => {
    const { docs, isTaken } = pushing.nextBatch(device);
    const body = JSON.stringify({ docs });
    const headers = {
      cookie: device.cookie,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body)
    };
    const asked = request(`${hub.url}/db/${circle}/_bulk_docs`, { method: 'POST', headers, agent: false });
    const status = new Promise<number>((resolve) => {
      asked.on('response', (response) => response.resume() && resolve(response.statusCode ?? 0));
      asked.on('error', () => resolve(0));
    });
    await new Promise<void>((resolve) => asked.write(body.slice(0, 500), () => resolve()));
    return {
      finish: async () => {
        asked.end(body.slice(500));
        const answered = await status;
        if (answered === 201) isTaken();
        return answered;
      }
    };
  };

  it(
    'answers what it has begun, ends its streams, exits with 0 and has lost nothing that it acknowledged',
    { timeout: 60_000 },
    async () => {
      const doorbell = await readDoorbell(hub.url, devices[0]!.cookie);
      const waiting = devices[1]!
        .call('GET', `/db/${circle}/_changes?feed=longpoll&since=now&filter=_doc_ids&doc_ids=["a"]`)
        .catch(() => null);
      const half = await halfSent(devices[2]!);
      let answers = 0;
      let stopped: Promise<number | null> | undefined;
      let stoppedAt = 0;
      const last = await pushing.untilGone(() => {
        if (++answers !== 30) return;
        stoppedAt = Date.now();
        stopped = hub.stop();
      });
      expect(last.filter((status) => status !== 503 && status !== 0)).toEqual([]);
      expect(await half.finish()).toBe(201);
      expect(await stopped).toBe(0);
      expect(Date.now() - stoppedAt).toBeLessThan(stopsWithinMs);
      await doorbell.ended;
      await waiting;

      await hub.start();
      expect(await pushing.missing()).toEqual([]);
      expect(pushing.acknowledged.size).toBeGreaterThanOrEqual(300);
    }
  );
});
