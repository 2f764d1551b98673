import * as v from 'valibot';
import { common, make, moment, ordinal, type At, type Fields } from '../fields.ts';
import { isPhotoHash, recordId } from '../id.ts';

/** What the hub takes: what every browser shows, and nothing that unpacks into a bomb. */
export const photoTypes = ['image/jpeg', 'image/png', 'image/webp'] as const;
export const largestPhotoBytes = 2 * 1024 * 1024;
export const longestPhotoSide = 4_096;

const side = v.pipe(ordinal, v.maxValue(longestPhotoSide));
const fields = {
  ...common('photo'),
  width: side,
  height: side,
  bytes: v.pipe(ordinal, v.maxValue(largestPhotoBytes)),
  type: v.picklist(photoTypes),
  thumbhash: v.pipe(v.string(), v.maxLength(100)),
  uploadedAt: v.optional(moment)
};

/** A picture's description; the picture itself travels by its hash. `thumbhash` is base64; `uploadedAt` its author's word. */
export const photo = v.looseObject(fields);
export type Photo = Fields<typeof fields>;

/** One per person and picture: the key is the SHA-256 of its bytes. */
export const photoId = (author: string, hash: string) => recordId(author, 'photo', hash);

/** A whole record; `at.key` is the hash. */
export function makePhoto(
  body: Pick<Photo, 'width' | 'height' | 'bytes' | 'type' | 'thumbhash' | 'uploadedAt'>,
  at: At & { key: string }
): Photo {
  if (!isPhotoHash(at.key)) throw new RangeError('A photo is named by its SHA-256');
  return make('photo', at.key, at, body);
}
