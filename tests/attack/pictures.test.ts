import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { onEveryBackend } from '../start-hub.ts';
import { openHouse, rawGet, type House } from './house.ts';

const plain = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: { r: 160, g: 40, b: 30 } } });
const html = Buffer.from('<!doctype html><script>alert(1)</script>');
const place = { IFD3: { GPSLatitude: '30/1 15/1 0/1', GPSLatitudeRef: 'N' } };

/** A small file that unpacks to 10 GB: a PNG whose header lies. */
async function bomb(): Promise<Buffer> {
  const bytes = await plain(1, 1).png().toBuffer();
  bytes.writeUInt32BE(50_000, 16);
  bytes.writeUInt32BE(50_000, 20);
  bytes.writeUInt32BE(crc32(bytes.subarray(12, 29)), 29);
  return bytes;
}

/** The 16 million pixels that are allowed, and behind them 60,000 scans that say nothing: hours for a decoder that draws each. */
async function scans(): Promise<Buffer> {
  const bytes = await plain(4_096, 4_096).jpeg({ progressive: true }).toBuffer();
  const scan = Buffer.from([0xff, 0xda, 0, 8, 1, 1, 0, 1, 1, 0]);
  return Buffer.concat([bytes.subarray(0, -2), ...Array<Buffer>(60_000).fill(scan), bytes.subarray(-2)]);
}

const refused: [what: string, make: () => Buffer | Promise<Buffer>, status: number][] = [
  ['an SVG', () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'), 415],
  ['a page', () => html, 415],
  ['a page behind a JPEG’s first bytes', () => Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), html]), 415],
  ['a page behind a whole JPEG', async () => Buffer.concat([await plain(20, 20).jpeg().toBuffer(), html]), 415],
  ['a page behind a whole PNG', async () => Buffer.concat([await plain(20, 20).png().toBuffer(), html]), 415],
  ['a page behind a whole WebP', async () => Buffer.concat([await plain(20, 20).webp().toBuffer(), html]), 415],
  [
    'a second picture with a place behind the first',
    async () =>
      Buffer.concat([await plain(20, 20).jpeg().toBuffer(), await plain(20, 20).withExif(place).jpeg().toBuffer()]),
    415
  ],
  ['a GIF', () => plain(2, 2).gif().toBuffer(), 415],
  ['nothing', () => Buffer.alloc(0), 415],
  ['a place in a JPEG', () => plain(20, 20).withExif(place).jpeg().toBuffer(), 415],
  [
    'an EXIF in a PNG',
    () =>
      plain(20, 20)
        .withExif({ IFD0: { Copyright: 'Lin' } })
        .png()
        .toBuffer(),
    415
  ],
  ['a place in a WebP', () => plain(20, 20).withExif(place).webp().toBuffer(), 415],
  ['a side above 4096 pixels', () => plain(4_097, 8).png().toBuffer(), 413],
  ['a header of 50,000 by 50,000 pixels', bomb, 413],
  [
    'more than 2 MB',
    async () => Buffer.concat([await plain(8, 8).jpeg().toBuffer(), Buffer.alloc(2 * 1024 * 1024)]),
    413
  ]
];

onEveryBackend('pictures that are none, or more', (startStore) => {
  let house: House;
  let data: string;

  beforeAll(async () => {
    data = await mkdtemp(join(tmpdir(), 'jujube-attack-'));
    house = await openHouse(startStore, { data });
  });
  afterAll(async () => {
    await house.stop();
    await rm(data, { recursive: true });
  });

  const send = (bytes: Buffer, hash = createHash('sha256').update(bytes).digest('hex')) =>
    house.as(house.lin, 'PUT', `/api/circles/${house.circle}/photos/${hash}`, { raw: new Uint8Array(bytes) });
  const files = async () =>
    (await readdir(data, { recursive: true })).filter((file) => file.startsWith('photos')).length;

  it.each(refused)('%s: refused, and nothing is kept', async (_, make, status) => {
    const before = await files();
    expect((await send(await make())).status).toBe(status);
    expect(await files()).toBe(before);
  });

  it('with a hash that is not theirs, or a path in its place, are refused', async () => {
    const bytes = await plain(8, 8).jpeg().toBuffer();
    const before = await files();
    expect((await send(bytes, '0'.repeat(64))).status).toBe(400);
    for (const hash of ['..%2f..%2fx', '%2e%2e', 'A'.repeat(64), `${'a'.repeat(64)}.jpg`, `${'a'.repeat(62)}%00`]) {
      expect([hash, (await send(bytes, hash)).status]).toEqual([hash, 404]);
      const { cookie } = house.lin;
      const path = `/api/circles/${house.circle}/photos/${hash}`;
      expect([hash, (await rawGet(house.hub.url, path, cookie))?.status]).toEqual([hash, 404]);
    }
    expect(await files()).toBe(before);
  });

  it('of more scans than anybody draws are refused, and keep nobody waiting', async () => {
    const before = await files();
    const drawing = send(await scans());
    const from = Date.now();
    expect((await house.as(house.mei, 'GET', house.db)).status).toBe(200);
    expect(Date.now() - from).toBeLessThan(1_000);
    expect((await drawing).status).toBe(415);
    expect(await files()).toBe(before);
  });

  it('are never shown as anything but a picture, nor kept by a cache between', async () => {
    const bytes = await plain(8, 8).jpeg().toBuffer();
    expect((await send(bytes)).status).toBe(201);
    const hash = createHash('sha256').update(bytes).digest('hex');
    const { headers } = await house.as(house.mei, 'GET', `/api/circles/${house.circle}/photos/${hash}`);
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'image/jpeg',
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringMatching(/default-src 'none'.*sandbox/),
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': expect.stringMatching(/^private,/)
    });
  });
});
