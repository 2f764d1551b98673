import sharp from 'sharp';
import { largestPhotoBytes, longestPhotoSide, type photoTypes } from '#domain/photo/photo.ts';
import { ApiError } from './errors.ts';
import { hiddenIn } from './picture-parts.ts';

export type PictureType = (typeof photoTypes)[number];

/** What the hub makes for lists. */
export const thumbnailWidth = 320;
const thumbnailQuality = 75;

/** Four times the largest picture that is taken: a bomb is refused by its header before anything is unpacked. */
const limitInputPixels = 4 * longestPhotoSide ** 2;

// The hub shares its two cores with everything else; pictures may wait.
sharp.concurrency(1);
sharp.cache(false);

/**
 * The type of a picture by its content, whatever it is called. Throws 415 for anything but a JPEG, PNG or WebP and for a picture that
 * carries EXIF, XMP or IPTC (they tell where it was taken, and to strip them would change the hash) or anything behind the picture, 413
 * for one that is too large.
 */
export async function inspectPicture(bytes: Buffer): Promise<PictureType> {
  if (bytes.length > largestPhotoBytes) throw new ApiError('picture-too-large');
  const type = typeOf(bytes);
  if (!type) throw new ApiError('not-a-picture');
  const found = await sharp(bytes, { limitInputPixels: false })
    .metadata()
    .catch(() => {
      throw new ApiError('not-a-picture');
    });
  const hidden = hiddenIn(bytes, type);
  if (hidden === 'tells' || found.exif || found.xmp || found.iptc) throw new ApiError('picture-tells-place');
  if (hidden === 'more') throw new ApiError('not-a-picture');
  if (!found.width || !found.height || (found.pages ?? 1) > 1) throw new ApiError('not-a-picture');
  if (Math.max(found.width, found.height) > longestPhotoSide) throw new ApiError('picture-too-large');
  return type;
}

/** A picture of 16 million pixels takes a small machine less than a second. */
const drawWithinSeconds = 10;

/** A WebP of at most 320 pixels' width; never wider than the picture itself. Throws 415 for what cannot be drawn, or not in time. */
export async function makeThumbnail(picture: Buffer): Promise<Buffer> {
  try {
    return await sharp(picture, { limitInputPixels, failOn: 'none' })
      .timeout({ seconds: drawWithinSeconds })
      .resize({ width: thumbnailWidth, withoutEnlargement: true })
      .webp({ quality: thumbnailQuality })
      .toBuffer();
  } catch {
    throw new ApiError('not-a-picture');
  }
}

/** By the first bytes, so that nothing else (SVG, PDF, HTML) ever reaches a decoder. */
function typeOf(bytes: Buffer): PictureType | null {
  if (bytes.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff]))) return 'image/jpeg';
  if (bytes.subarray(0, 8).equals(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]))) return 'image/png';
  const isWebp = bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP';
  return isWebp ? 'image/webp' : null;
}
