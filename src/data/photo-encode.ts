import { plainJpeg } from '#domain/photo/jpeg.ts';
import { largestPhotoBytes } from '#domain/photo/photo.ts';

export { makePhoto } from '#domain/photo/photo.ts';

export type EncodedPhoto = {
  blob: Blob;
  width: number;
  height: number;
  hash: string;
  thumbhash: string;
};

// Sharp on any phone; the hub takes up to 4096, but a circle's pictures are looked at, not printed.
const longestSide = 2_048;
const qualities = [0.82, 0.7, 0.55, 0.4];
const thumbSide = 100;

/** Any picture the browser can read as JPEG; drawing it anew drops EXIF with its places, and turns it upright. */
export async function encodePhoto(file: Blob): Promise<EncodedPhoto> {
  const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' });
  const scale = Math.min(1, longestSide / Math.max(bitmap.width, bitmap.height));
  const width = Math.max(1, Math.round(bitmap.width * scale));
  const height = Math.max(1, Math.round(bitmap.height * scale));
  const canvas = drawn(bitmap, width, height);
  const thumbhash = await thumbhashOf(bitmap);
  bitmap.close();
  const blob = await smallEnough(canvas);
  return { blob, width, height, thumbhash, hash: await sha256(blob) };
}

async function smallEnough(canvas: OffscreenCanvas): Promise<Blob> {
  for (const quality of qualities) {
    const encoded = await canvas.convertToBlob({ type: 'image/jpeg', quality });
    // WebKit writes size and colour space into an EXIF of its own, and the hub takes none.
    const blob = new Blob(plainJpeg(new Uint8Array(await encoded.arrayBuffer())), { type: 'image/jpeg' });
    if (blob.size <= largestPhotoBytes) return blob;
  }
  throw new RangeError('picture too large');
}

function drawn(bitmap: ImageBitmap, width: number, height: number): OffscreenCanvas {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d')!;
  // JPEG knows no transparency: what is clear would turn black.
  context.fillStyle = '#fff';
  context.fillRect(0, 0, width, height);
  context.drawImage(bitmap, 0, 0, width, height);
  return canvas;
}

async function thumbhashOf(bitmap: ImageBitmap): Promise<string> {
  const { rgbaToThumbHash } = await import('thumbhash');
  const scale = thumbSide / Math.max(bitmap.width, bitmap.height);
  const width = Math.max(1, Math.round(bitmap.width * scale));
  const height = Math.max(1, Math.round(bitmap.height * scale));
  const { data } = drawn(bitmap, width, height).getContext('2d')!.getImageData(0, 0, width, height);
  return btoa(String.fromCharCode(...rgbaToThumbHash(width, height, data)));
}

async function sha256(blob: Blob): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', await blob.arrayBuffer());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
