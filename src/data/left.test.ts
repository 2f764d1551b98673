import { expect, test } from 'vitest';
import { makeListing } from '#domain/listing/listing.ts';
import type { Me } from './hub-api.ts';
import type { Doc } from './log.ts';
import { createFakeHub, type FakeHub } from './testing/fake-hub.ts';
import { circle, meOf, openTestDevice } from './testing/devices.ts';

const now = '2026-03-01T08:00:00.000Z';
const me = meOf('mei');
const outOf = (told: Me): Me => ({ ...told, circles: told.circles.map((one) => ({ ...one, leftAt: now })) });
const askedFor = (hub: FakeHub) => hub.requests.filter((request) => request.includes(circle));

/** A hub whose device hears that she left, just before the answer to this request comes. */
function leavingDuring(path: string) {
  const hub = createFakeHub();
  const device = openTestDevice(
    {
      ...hub,
      fetchFor: (who, weather) => {
        const send = hub.fetchFor(who, weather);
        return async (input, init) => {
          const answer = await send(input, init);
          if (String(input).includes(path)) device.hear(outOf(me));
          return answer;
        };
      }
    },
    me
  );
  return { hub, device };
}

const lamp = makeListing({ title: 'Lamp' }, { author: 'mei', key: 'lamp', now }) as unknown as Doc;

for (const [work, name] of [
  ['pullAll', 'a round'],
  ['settleAll', 'the safety net']
] as const)
  test(`a circle that one left during ${name} is not asked for once more`, async () => {
    const { hub, device } = leavingDuring('/db/me/');
    await device[work]();
    expect(askedFor(hub)).toEqual([]);
    expect(hub.requests.length).toBeGreaterThan(0);
  });

test('a circle that one left in the middle of joining it is not asked for once more, and what came is kept', async () => {
  const { hub, device } = leavingDuring(`/db/${circle}/_changes`);
  await hub.database(circle).put({ ...lamp } as never);
  await device.pullAll();
  expect(askedFor(hub)).toEqual([`GET /db/${circle}/`, `GET /db/${circle}/_changes`]);
  expect(await device.copyOf(circle).log.known([lamp._id])).toEqual(new Set([lamp._id]));
});

test('what is sent in rounds stops for a circle that one left meanwhile, and is no reason to try again', async () => {
  const { hub, device } = leavingDuring('/db/me/_bulk_docs');
  await device.store.unsent.put({ circle: 'me', id: 'mei:message:hello', rev: '1-a', at: 0 });
  await device.copyOf('me').log.take([{ _id: 'mei:message:hello', _rev: '1-a' }]);
  await device.store.unsent.put({ circle, id: lamp._id, rev: '1-b', at: 0 });
  expect(await device.sendAll()).toBe(true);
  expect(askedFor(hub)).toEqual([]);
  expect(await device.store.unsent.get([circle, lamp._id])).toBeDefined();
});

test('an old answer about my circles is never taken for newer than one that overtook it', async () => {
  const hub = createFakeHub();
  const answers: (() => void)[] = [];
  let told = me;
  const device = openTestDevice(
    {
      ...hub,
      fetchFor: () => async () => {
        const answer = Response.json({ ...told, era: 'one' });
        await new Promise<void>((resolve) => void answers.push(resolve));
        return answer;
      }
    },
    me
  );
  const first = device.refreshMe();
  told = outOf(me);
  const both = Promise.all([first, device.refreshMe()]);
  let isOver = false;
  void both.then(() => (isOver = true));
  await expect.poll(() => (answers.pop()?.(), isOver)).toBe(true); // the newest of those under way arrives first
  expect(device.me().circles[0]?.leftAt).toBe(now);
});
