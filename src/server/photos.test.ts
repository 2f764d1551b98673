import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inviteTo, moveIn, signUp, type Person } from '../../tests/people.ts';
import { startHub, type TestHub } from '../../tests/start-hub.ts';
import { startStore, type TestStore } from '../../tests/start-store.ts';
import { createPhotos } from './photos.ts';
import { createSerial } from './serial.ts';

const hashOf = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const plain = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: { r: 160, g: 40, b: 30 } } });

describe('pictures', () => {
  let store: TestStore;
  let hub: TestHub;
  let circle: string;
  let lin: Person;
  let mei: Person;
  let hao: Person;
  let picture: Buffer;

  beforeAll(async () => {
    store = await startStore();
    hub = await startHub(store);
    const house = await moveIn(hub.url, { setup: hub.setup, names: ['Lin', 'Mei'] });
    circle = house.circle;
    [lin, mei] = house.people as [Person, Person];
    const elsewhere = await moveIn(hub.url, { founder: lin, circle: '303', names: [] });
    hao = await signUp(hub.url, 'Hao', { invite: await inviteTo(lin, elsewhere.circle) });
    picture = await plain(800, 600).jpeg().toBuffer();
  });
  afterAll(async () => {
    await hub.stop();
    await store.stop();
  });

  const send = (person: Person | null, method: string, tail: string, body?: Buffer, headers: object = {}) =>
    fetch(`${hub.url}/api/circles/${circle}/photos/${tail}`, {
      method,
      headers: { ...(person && { cookie: person.cookie }), ...headers },
      body: body && new Uint8Array(body)
    });
  const put = (person: Person | null, bytes: Buffer, hash = hashOf(bytes)) => send(person, 'PUT', hash, bytes);

  it('[S1] are kept under their hash and given to members, unchanged and for ever', async () => {
    expect((await put(lin, picture)).status).toBe(201);
    expect((await put(mei, picture)).status).toBe(200);
    const answer = await send(mei, 'GET', hashOf(picture));
    expect(Buffer.from(await answer.arrayBuffer()).equals(picture)).toBe(true);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'image/jpeg',
      'cache-control': 'private, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining("default-src 'none'")
    });
    const etag = answer.headers.get('etag')!;
    expect((await send(mei, 'GET', hashOf(picture), undefined, { 'if-none-match': etag })).status).toBe(304);
  });

  it('are made small for lists', async () => {
    for (let i = 0; i < 2; i++) {
      const answer = await send(lin, 'GET', `${hashOf(picture)}?w=320`);
      const { width, height, format } = await sharp(await answer.arrayBuffer()).metadata();
      expect([answer.headers.get('content-type'), format, width, height]).toEqual(['image/webp', 'webp', 320, 240]);
    }
    for (const query of ['w=321', 'w=320&w=320', 'x=1']) {
      expect((await send(lin, 'GET', `${hashOf(picture)}?${query}`)).status).toBe(400);
    }
  });

  it('are for members alone', async () => {
    expect((await send(null, 'GET', hashOf(picture))).status).toBe(401);
    expect((await send(hao, 'GET', hashOf(picture))).status).toBe(404);
    expect((await put(null, picture)).status).toBe(401);
    expect((await put(hao, picture)).status).toBe(404);
    expect((await send(lin, 'GET', 'f'.repeat(64))).status).toBe(404);
    expect((await send(lin, 'GET', '..%2f..%2fstore.json')).status).toBe(404);
  });

  it('whose content is not their hash are refused', async () => {
    expect((await put(lin, picture, '0'.repeat(64))).status).toBe(400);
  });

  it('may be PNG and WebP', async () => {
    for (const bytes of [await plain(30, 20).png().toBuffer(), await plain(20, 30).webp().toBuffer()]) {
      expect((await put(lin, bytes)).status).toBe(201);
    }
  });
});

describe('a circle’s pictures over time', () => {
  let store: TestStore;
  let directory: string;
  const day = 86_400_000;
  const born = Date.now();

  beforeAll(async () => {
    store = await startStore();
    directory = await mkdtemp(join(tmpdir(), 'jujube-photos-'));
    await store.couch.ensure('c-302');
  });
  afterAll(async () => {
    await store.stop();
    await rm(directory, { recursive: true });
  });

  it('go 30 days after the last photo record that named them', async () => {
    let now = born;
    const open = () => createPhotos({ couch: store.couch, clock: () => now, directory, serial: createSerial() });
    const photos = open();
    const [kept, gone] = [await plain(8, 8).jpeg().toBuffer(), await plain(9, 9).jpeg().toBuffer()];
    for (const bytes of [kept, gone]) await photos.put('302', hashOf(bytes), 'lin', bytes);
    await photos.thumbnail('302', hashOf(gone));
    for (const file of await readdir(join(directory, 'photos', '302'))) {
      await utimes(join(directory, 'photos', '302', file), now / 1000, now / 1000);
    }
    await store.couch.database('c-302').put({ _id: `mei:photo:${hashOf(kept)}` });

    now = born + 29 * day;
    expect(await photos.sweep()).toBe(0);
    now = born + 31 * day;
    expect(await photos.sweep()).toBe(1);
    expect(await photos.get('302', hashOf(gone))).toBeNull();
    expect(await photos.thumbnail('302', hashOf(gone))).toBeNull();
    now = born + 400 * day;
    expect(await photos.sweep()).toBe(0);
    // What a later process finds is the same.
    expect((await open().get('302', hashOf(kept)))?.bytes.equals(kept)).toBe(true);
    expect(await open().get('302', hashOf(gone))).toBeNull();
  });

  it('are 600 MB a person at most, whoever else brings some', async () => {
    const circle = join(directory, 'photos', '303');
    await mkdir(circle, { recursive: true });
    const fullOf = join(circle, `${'a'.repeat(64)}.lin.jpg`);
    await writeFile(fullOf, '');
    const picture = await plain(8, 8).jpeg().toBuffer();
    await truncate(fullOf, 600 * 1024 * 1024 - picture.length + 1); // a hole takes no room on the disk
    const open = () => createPhotos({ couch: store.couch, clock: () => born, directory, serial: createSerial() });
    const bring = (photos: ReturnType<typeof open>, by: string) => photos.put('303', hashOf(picture), by, picture);

    await expect(bring(open(), 'lin')).rejects.toMatchObject({ code: 'quota-full' });
    expect(await open().get('303', hashOf(picture))).toBeNull();
    expect(await bring(open(), 'mei')).toBe(true);
    await rm(join(circle, `${hashOf(picture)}.mei.jpg`));
    await truncate(fullOf, 600 * 1024 * 1024 - picture.length);
    expect(await bring(open(), 'lin')).toBe(true);
  });
});
