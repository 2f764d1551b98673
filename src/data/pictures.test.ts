import { expect, test } from 'vitest';
import { listingId, makeListing } from '#domain/listing/listing.ts';
import { makePhoto, photoId } from '#domain/photo/photo.ts';
import { createPictures, type Pictures } from './pictures.ts';
import { createFakeHub } from './testing/fake-hub.ts';
import { circle, meOf, openTestDevice, type TestDevice } from './testing/devices.ts';
import type { Doc } from './log.ts';
import { unsentRows, unsentThings } from './unsent.ts';

const now = '2026-03-01T08:00:00.000Z';
const hash = 'a'.repeat(64);
const jpeg = (bytes = 4) => new Blob([new Uint8Array(bytes)], { type: 'image/jpeg' });

/** Pictures over a device's stores, before a hub that has these and counts how often it is asked. */
function picturesOf(
  device: TestDevice,
  there: Record<string, Blob>,
  follows: (one: string) => boolean = (one) => one === circle
): { pictures: Pictures; asked: string[] } {
  const asked: string[] = [];
  const pictures = createPictures({
    store: device.store,
    model: device.model,
    origin: 'http://hub',
    now: () => Date.parse(now),
    follows,
    async fetch(input, init) {
      const name = String(input).split('/').at(-1)!;
      asked.push(`${init?.method ?? 'GET'} ${name}`);
      if (init?.method === 'PUT') return new Response(null, { status: 201 });
      return there[name] ? new Response(there[name]) : new Response(null, { status: 404 });
    },
    uploaded: async () => undefined,
    refused: async () => undefined
  });
  return { pictures, asked };
}

/** A device that knows of a listing with one picture. */
async function withListing(clock?: () => number): Promise<TestDevice> {
  const mei = openTestDevice(createFakeHub(), meOf('mei'), undefined, undefined, clock);
  const at = { author: 'lin', now };
  const size = { width: 4, height: 4, bytes: 4, type: 'image/jpeg', thumbhash: 'AAAA', uploadedAt: now } as const;
  const { log, project } = mei.copyOf(circle);
  await log.put(makePhoto(size, { ...at, key: hash }) as unknown as Doc);
  await log.put(
    makeListing({ title: 'Lamp', photos: [photoId('lin', hash)] }, { ...at, key: 'lamp' }) as unknown as Doc
  );
  await project();
  expect(await mei.model.listing.get([circle, listingId('lin', 'lamp')])).toMatchObject({
    shelfAt: expect.any(String)
  });
  return mei;
}

test('covers of the newest things are fetched ahead once, and shown without a network', async () => {
  const mei = await withListing();
  const { pictures, asked } = picturesOf(mei, { [`${hash}?w=320`]: jpeg() });
  await pictures.ahead(circle);
  await pictures.ahead(circle);
  expect(asked).toEqual([`GET ${hash}?w=320`]);
  const offline = picturesOf(mei, {}).pictures;
  expect((await offline.get(circle, photoId('lin', hash), 320))?.size).toBe(4);
  expect(await offline.get(circle, photoId('lin', hash), 0)).toBeNull();
});

test('pictures that the hub has are let go first, and never one that waits for it', async () => {
  const mei = await withListing();
  const { pictures } = picturesOf(mei, { [`${hash}?w=320`]: jpeg(1_000) });
  await pictures.ahead(circle);
  await pictures.add(circle, 'b'.repeat(64), jpeg(1_000));
  expect(await pictures.makeRoom(5_000)).toBe(1_000);
  expect(await pictures.waiting([circle])).toBe(1);
});

test('pictures of a circle that one left neither wait nor hold up another’s', async () => {
  const mei = await withListing();
  const { pictures, asked } = picturesOf(mei, {});
  await pictures.add('left-circle', hash, jpeg());
  await pictures.add(circle, 'b'.repeat(64), jpeg());
  await pictures.upload();
  expect(asked).toEqual([`PUT ${'b'.repeat(64)}`]);
  expect(await pictures.waiting([circle])).toBe(0);
  expect(await pictures.waiting([circle, 'left-circle'])).toBe(1);
});

test('a picture and its record wait as one, also while only one of them does', async () => {
  const mei = await withListing();
  const { pictures } = picturesOf(mei, {});
  await pictures.add(circle, hash, jpeg());
  const id = photoId('mei', hash);
  const waiting = async () => (await unsentRows(mei.store, 'mei')).map((row) => [row.circle, row.id]);
  expect(await waiting()).toContainEqual([circle, id]);
  const before = await waiting();
  await mei.store.unsent.put({ circle, id, rev: '1-a', at: 1 });
  expect(await waiting()).toHaveLength(before.length);
});

test('the pictures of a post wait as a part of it, and as one thing once its words are gone out', async () => {
  const mei = openTestDevice(createFakeHub(), meOf('mei'), () => 'lose-request');
  const { pictures } = picturesOf(mei, {});
  const hashes = ['b', 'c'].map((letter) => letter.repeat(64));
  const pan = makeListing(
    { title: 'Pan', photos: hashes.map((each) => photoId('mei', each)) },
    { author: 'mei', now, key: 'pan' }
  );
  await mei.write(circle, pan as unknown as Doc);
  for (const each of [...hashes, hash]) await pictures.add(circle, each, jpeg());
  const waiting = async () =>
    (await unsentThings(mei.store, mei.model, 'mei')).map(({ at, ...thing }) => (void at, thing));
  const face = { circle, id: photoId('mei', hash) };
  expect(await waiting()).toEqual([expect.objectContaining({ circle, id: pan._id, pictures: 2 }), face]);
  await mei.tellStatus();
  expect(mei.status()).toMatchObject({ waiting: 2 });

  await mei.store.unsent.clear();
  expect(await waiting()).toEqual([face, { circle, id: photoId('mei', hashes[0]!), of: pan._id, pictures: 2 }]);
});

const quota = () => Object.assign(new Error('no space'), { name: 'QuotaExceededError' });

test('a full store lets pictures go and keeps the words; that is said for ten minutes, and the unsent can be read', async () => {
  let at = Date.parse(now);
  const mei = await withListing(() => at);
  await mei.pictures.add(circle, hash, jpeg(1_000));
  await mei.store.pictures.update([circle, hash, 0], { waits: 0 });
  const { log } = mei.copyOf(circle);
  const put = log.put.bind(log);
  const listing = makeListing({ title: 'Pot' }, { author: 'mei', key: 'pot', now }) as unknown as Doc;
  log.put = async (doc) => ((await mei.store.pictures.count()) > 0 ? Promise.reject(quota()) : put(doc));
  await mei.write(circle, listing);
  expect(await mei.model.listing.count()).toBe(2);
  expect(await mei.store.pictures.count()).toBe(0);

  log.put = () => Promise.reject(quota());
  await expect(mei.write(circle, { ...listing, _id: 'mei:listing:pan' })).rejects.toMatchObject({
    code: 'storage-full'
  });
  await mei.tellStatus();
  expect(mei.status()).toMatchObject({ storage: 'full' });
  log.put = put;
  await mei.write(circle, { ...listing, _id: 'mei:listing:pan' });
  await mei.tellStatus();
  expect(mei.status()).toMatchObject({ storage: 'full' });
  at += 10 * 60_000;
  await mei.write(circle, { ...listing, _id: 'mei:listing:lid' });
  await mei.tellStatus();
  expect(mei.status()).toMatchObject({ storage: 'ok' });
});

test('covers of a circle that one left are not fetched', async () => {
  const mei = await withListing();
  const { pictures, asked } = picturesOf(mei, { [`${hash}?w=320`]: jpeg() }, () => false);
  await pictures.ahead(circle);
  expect(await pictures.get(circle, photoId('lin', hash), 320)).toBeNull();
  expect(asked).toEqual([]);
});
