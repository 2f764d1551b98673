import { isTelling, readJpeg } from '#domain/photo/jpeg.ts';
import type { PictureType } from './pictures.ts';

/** `tells`: it says where, when or with what it was taken. `more`: behind the picture something else begins. */
export type Hidden = 'tells' | 'more';

/**
 * What a picture carries beside its pixels that no member should be given, or null. A decoder finds the first picture and stops; this
 * walks the file to its end, since cameras put a second picture or a film behind the first, with its own place in it, and whoever
 * wants to smuggle a page or an archive does the same. Total: what breaks off early is for the decoder to refuse.
 */
export function hiddenIn(bytes: Buffer, type: PictureType): Hidden | null {
  if (type === 'image/jpeg') return hiddenInJpeg(bytes);
  return type === 'image/png' ? hiddenInPng(bytes) : hiddenInWebp(bytes);
}

/** Padding is no second file. */
const restOf = (bytes: Buffer, end: number): Hidden | null =>
  bytes.subarray(end).some((byte) => byte !== 0) ? 'more' : null;

function hiddenInJpeg(bytes: Buffer): Hidden | null {
  const { segments, end } = readJpeg(bytes);
  return segments.some(isTelling) ? 'tells' : restOf(bytes, end);
}

/** The keys under which converters put EXIF, XMP and places into a PNG's text; "Software" and the like tell nothing. */
const tellingText = /^(raw profile type|xml:com\.adobe\.xmp|exif|iptc|gps|location)/i;

function hiddenInPng(bytes: Buffer): Hidden | null {
  for (let at = 8; at + 8 <= bytes.length;) {
    const type = bytes.toString('latin1', at + 4, at + 8);
    const end = at + 12 + bytes.readUInt32BE(at);
    if (type === 'eXIf') return 'tells';
    if (/^(tEXt|zTXt|iTXt)$/.test(type) && tellingText.test(bytes.toString('latin1', at + 8, at + 88))) return 'tells';
    if (type === 'IEND') return restOf(bytes, end);
    at = end;
  }
  return null;
}

function hiddenInWebp(bytes: Buffer): Hidden | null {
  if (bytes.length < 12) return null;
  // A chunk's data is padded to an even length (RIFF).
  const even = (length: number) => length + (length % 2);
  const end = 8 + even(bytes.readUInt32LE(4));
  for (let at = 12; at + 8 <= Math.min(end, bytes.length);) {
    const type = bytes.toString('latin1', at, at + 4);
    if (type === 'EXIF' || type === 'XMP ') return 'tells';
    at += 8 + even(bytes.readUInt32LE(at + 4));
  }
  return restOf(bytes, end);
}
