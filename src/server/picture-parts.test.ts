import sharp, { type Sharp } from 'sharp';
import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { plainJpeg } from '#domain/photo/jpeg.ts';
import { hiddenIn } from './picture-parts.ts';

/** Noise, so that scans hold every byte there is. */
const noise = () => {
  const pixels = Buffer.from(Array.from({ length: 96 * 64 * 3 }, (_, index) => (index * 2_654_435_761) >>> 24));
  return sharp(pixels, { raw: { width: 96, height: 64, channels: 3 } });
};
const exif = { IFD3: { GPSLatitude: '30/1 16/1 0/1', GPSLatitudeRef: 'N' } };
const page = Buffer.from('<script>alert(1)</script>');
const encode = {
  'image/jpeg': (picture: Sharp) => picture.jpeg({ quality: 95 }),
  'image/png': (picture: Sharp) => picture.png(),
  'image/webp': (picture: Sharp) => picture.webp()
};

function pngChunk(type: string, text: string): Buffer {
  const body = Buffer.from(type + text, 'latin1');
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(text.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

describe.each(Object.entries(encode))('a picture of %s', (name, as) => {
  const type = name as keyof typeof encode;

  it('hides nothing when it is nothing but a picture, padded or not', async () => {
    const bytes = await as(noise()).toBuffer();
    expect(hiddenIn(bytes, type)).toBeNull();
    expect(hiddenIn(Buffer.concat([bytes, Buffer.alloc(64)]), type)).toBeNull();
  });

  it('is found to tell where it was taken', async () => {
    expect(hiddenIn(await as(noise()).withExif(exif).toBuffer(), type)).toBe('tells');
  });

  it('is found to have something behind it: a page, or a second picture with a place of its own', async () => {
    const bytes = await as(noise()).toBuffer();
    expect(hiddenIn(Buffer.concat([bytes, page]), type)).toBe('more');
    expect(hiddenIn(Buffer.concat([bytes, await as(noise()).withExif(exif).toBuffer()]), type)).toBe('more');
  });

  it('may break off anywhere', async () => {
    const bytes = await as(noise()).toBuffer();
    for (let length = 0; length < bytes.length; length += 7) {
      expect(hiddenIn(bytes.subarray(0, length), type)).toBeNull();
    }
  });
});

it('a JPEG with what a newspaper writes into it (IPTC) tells, and is a plain one without it', async () => {
  const bytes = await noise().jpeg().toBuffer();
  const caption = Buffer.from('Photoshop 3.0\0 Hangzhou, gate 2', 'latin1');
  const length = Buffer.alloc(2);
  length.writeUInt16BE(caption.length + 2);
  const told = Buffer.concat([bytes.subarray(0, 2), Buffer.from([0xff, 0xed]), length, caption, bytes.subarray(2)]);
  expect(hiddenIn(told, 'image/jpeg')).toBe('tells');
  expect(Buffer.concat(plainJpeg(told)).equals(bytes)).toBe(true);
});

it('a progressive JPEG, whose many scans have segments between them, is nothing but a picture', async () => {
  expect(hiddenIn(await noise().jpeg({ progressive: true }).toBuffer(), 'image/jpeg')).toBeNull();
});

it('a JPEG that a phone wrote its EXIF into is the same picture without it', async () => {
  const told = await noise().jpeg({ progressive: true }).withExif(exif).toBuffer();
  const plain = Buffer.concat(plainJpeg(told));
  expect(hiddenIn(plain, 'image/jpeg')).toBeNull();
  expect((await sharp(plain).metadata()).exif).toBeUndefined();
  expect((await sharp(plain).raw().toBuffer()).equals(await sharp(told).raw().toBuffer())).toBe(true);
});

it.each([
  ['tEXt', 'Raw profile type exif\0…', 'tells'],
  ['zTXt', 'Raw profile type APP1\0…', 'tells'],
  ['iTXt', 'XML:com.adobe.xmp\0…', 'tells'],
  ['tEXt', 'Software\0a drawing program', null]
])('a PNG with %s %j is judged %s', async (type, text, judged) => {
  const bytes = await noise().png().toBuffer();
  const spoiled = Buffer.concat([bytes.subarray(0, 33), pngChunk(type, text), bytes.subarray(33)]);
  expect(hiddenIn(spoiled, 'image/png')).toBe(judged);
});
