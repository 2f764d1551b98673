import { expect, test } from 'vitest';
import { makeAllotment } from '#domain/allotment/allotment.ts';
import { listingId } from '#domain/listing/listing.ts';
import { makePhoto } from '#domain/photo/photo.ts';
import type { Doc } from './log.ts';
import { circle, meOf, openTestDevice } from './testing/devices.ts';
import { createFakeHub, type Weather } from './testing/fake-hub.ts';
import { now, pot, terms } from './testing/records.ts';

test('a hub restored from a backup gets back what its members still have', async () => {
  const hub = createFakeHub();
  const lin = openTestDevice(hub, meOf('lin'));
  await lin.refreshMe();
  await lin.write(circle, pot('lin', 'kept'));
  await lin.write(circle, pot('lin', 'lost'));
  await lin.settleAll();
  hub.forget(circle);
  hub.restored();
  await lin.refreshMe();
  expect(await hub.database(circle).get('lin:listing:lost')).toMatchObject({ title: 'Pot' });
  expect(await hub.database(circle).get('lin:listing:kept')).toMatchObject({ title: 'Pot' });
});

test('a restored hub gets back its own signed records too, is told when that was all, and only then is it read', async () => {
  const hub = createFakeHub();
  const lin = openTestDevice(hub, meOf('lin'));
  const allotment = {
    ...makeAllotment(
      { subject: listingId('lin', 'pot'), left: 0, next: 2, terms: [terms], places: [] },
      { author: 'hub', now }
    ),
    counter: 3,
    signature: 'by the hub'
  };
  await hub.database(circle).put(allotment);
  await hub.database(circle).put({ ...allotment, _id: 'hub:allotment:lin:listing:pan', signature: undefined });
  await lin.write(circle, pot('lin'));
  await lin.settleAll();
  hub.forget(circle);
  hub.restored();
  hub.requests.length = 0;
  await lin.refreshMe();
  expect(await hub.database(circle).get(allotment._id)).toMatchObject({ counter: 3 });
  const after = hub.requests.filter((request) => request.includes(circle)).map((request) => request.split('/').at(-1));
  expect(after.slice(0, 5)).toEqual(['_revs_diff', 'returned', '_revs_diff', '_bulk_docs', 'returned']);
  expect(after.indexOf('_changes')).toBeGreaterThan(4);
});

test('a device that is cut off or dies while it hands back does it once more', async () => {
  const hub = createFakeHub();
  let left = Infinity;
  const weather = (): Weather => (left-- > 0 ? 'fine' : 'lose-request');
  const lin = openTestDevice(hub, meOf('lin'), weather);
  await lin.write(circle, pot('lin'));
  await lin.settleAll();
  hub.forget(circle);
  hub.restored();
  left = 4; // /api/me, and the first words about `me`
  await lin.refreshMe();
  expect(lin.me().era).toBe('two');
  left = 1;
  const again = await lin.crash();
  await again.refreshMe();
  left = Infinity;
  await again.pullAll();
  expect(await hub.database(circle).get('lin:listing:pot')).toMatchObject({ title: 'Pot' });
  expect(hub.requests.filter((request) => request.endsWith(`${circle}/returned`))).toHaveLength(1);
  await again.pullAll();
  expect(hub.requests.filter((request) => request.endsWith(`${circle}/returned`))).toHaveLength(1);
});

/** A hub and a device of Lin's that has sent it a picture; the names of those that come to the hub. */
async function withPicture() {
  const hub = createFakeHub();
  const came: string[] = [];
  const there = new Set<string>();
  const lin = openTestDevice(
    {
      ...hub,
      fetchFor: (me, weather) => {
        const send = hub.fetchFor(me, weather);
        return async (input, init) => {
          if (!String(input).includes('/photos/')) return send(input, init);
          const name = String(input).split('/').at(-1)!;
          if (init?.method === 'PUT') return (there.add(name), came.push(name), new Response(null, { status: 201 }));
          return new Response(null, { status: there.has(name) ? 304 : 404 });
        };
      }
    },
    meOf('lin')
  );
  const hash = 'a'.repeat(64);
  const size = { width: 4, height: 4, bytes: 4, type: 'image/jpeg', thumbhash: 'AAAA' } as const;
  const photo = makePhoto(size, { author: 'lin', now, key: hash }) as unknown as Doc;
  await lin.refreshMe();
  await lin.addPicture(circle, photo, hash, new Blob([new Uint8Array(4)], { type: 'image/jpeg' }));
  await expect.poll(async () => (await lin.copyOf(circle).log.get(photo._id))?.['uploadedAt']).toBeDefined();
  await lin.sendAll();
  await lin.settleAll();
  return { hub, lin, came, there, hash };
}

test('a restored hub gets back the pictures that it lost, once, also where it has their records', async () => {
  const { hub, lin, came, there, hash } = await withPicture();
  there.clear();
  hub.restored();
  await lin.refreshMe();
  await lin.sendAll();
  expect(came).toEqual([hash, hash]);
  await lin.settleAll();
  await lin.sendAll();
  expect(came).toEqual([hash, hash]);
});

test('what a restored hub lost of pictures goes up at once also where another tab read of the new era', async () => {
  const { hub, lin, came, there, hash } = await withPicture();
  there.clear();
  hub.restored();
  lin.hear({ ...lin.me(), era: 'two' });
  await lin.pullAll();
  await expect.poll(() => came).toEqual([hash, hash]);
});

test('a restored hub is told that this was all also of a circle of which nothing has come yet', async () => {
  const hub = createFakeHub();
  const mei = openTestDevice(hub, meOf('mei'));
  hub.restored();
  await mei.refreshMe();
  const told = (where: string) => hub.requests.filter((request) => request.endsWith(`/circles/${where}/returned`));
  expect(told(circle)).toHaveLength(1);
  expect(told('me')).toHaveLength(1);
  await mei.pullAll();
  expect(told(circle)).toHaveLength(1);
});

test('a restored hub that has a picture is not sent it again', async () => {
  const { hub, lin, came, hash } = await withPicture();
  hub.restored();
  await lin.refreshMe();
  await lin.sendAll();
  expect(came).toEqual([hash]);
});
