import { beforeEach, expect, test } from 'vitest';
import { makeListing } from '#domain/listing/listing.ts';
import { makePerson } from '#domain/person/person.ts';
import { makePhoto, photoId } from '#domain/photo/photo.ts';
import type { RecordId } from '#domain/id.ts';
import type { Doc } from './log.ts';
import { circle, meOf, openTestDevice, type TestDevice } from './testing/devices.ts';
import { createFakeHub } from './testing/fake-hub.ts';

const now = '2026-03-01T08:00:00.000Z';
const hash = 'a'.repeat(64);
const picture = photoId('lin', hash);

/** Lin's phone without a line, with one picture in its circle. */
let lin: TestDevice;

beforeEach(async () => {
  lin = openTestDevice(createFakeHub(), meOf('lin'), () => 'lose-request');
  await lin.open();
  const size = { width: 4, height: 4, bytes: 4, type: 'image/jpeg', thumbhash: 'AAAA' } as const;
  const photo = makePhoto(size, { author: 'lin', now, key: hash }) as unknown as Doc;
  await lin.addPicture(circle, photo, hash, new Blob([new Uint8Array(4)], { type: 'image/jpeg' }));
});

const isThere = async () => ({
  record: (await lin.copyOf(circle).log.get(picture)) !== null,
  bytes: (await lin.store.pictures.count()) === 1
});

const post = (photos: RecordId[], key: string) =>
  lin.write(circle, makeListing({ title: 'Lamp', photos }, { author: 'lin', now, key }) as unknown as Doc);

test('a picture that nothing of mine shows any more goes, record and bytes', async () => {
  await post([], 'lamp');
  await lin.dropPictures(circle, [picture]);
  expect(await isThere()).toEqual({ record: false, bytes: false });
  expect(await lin.model.photo.get([circle, picture])).toBeUndefined();
});

test('a picture that a further post of mine shows stays', async () => {
  await post([picture], 'lamp-again');
  await lin.dropPictures(circle, [picture]);
  expect(await isThere()).toEqual({ record: true, bytes: true });
});

test('a picture that is my face stays', async () => {
  const person = makePerson({ name: 'Lin', face: picture }, { author: 'lin', now });
  await lin.write(circle, person as unknown as Doc);
  await lin.dropPictures(circle, [picture]);
  expect(await isThere()).toEqual({ record: true, bytes: true });
});

test('a picture that a draft was begun with stays', async () => {
  await lin.store.drafts.put({ key: 'post photos', value: [{ key: picture, id: picture }], at: 0 });
  await lin.dropPictures(circle, [picture]);
  expect(await isThere()).toEqual({ record: true, bytes: true });
});

test("somebody else's picture is not mine to take back", async () => {
  await lin.dropPictures(circle, [photoId('mei', hash), 'https://example.org/pay']);
  expect(await isThere()).toEqual({ record: true, bytes: true });
});
