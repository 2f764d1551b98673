import { createHash } from 'node:crypto';
import type { Photos } from '#server/photos.ts';

/** The hub's picture files by circle and hash; they outlive its process. */
export type PictureFiles = Map<string, string>;

export const fileOf = (circle: string, hash: string) => `${circle} ${hash}`;
export const hashOf = (content: string) => createHash('sha256').update(content).digest('hex');

/** A picture as far as a device looks at one: reading a whole Blob takes a time of its own, which no seed draws. */
export type Picture = { type: string; size: number; content: string };
export const pictureOf = (content: string): Blob =>
  ({ type: 'image/jpeg', size: content.length, content }) satisfies Picture as unknown as Blob;
export const contentOf = (blob: Blob) => (blob as unknown as Picture).content;

/** As the hub's own, without looking at what a picture shows. */
export function photosIn(files: PictureFiles): Photos {
  const find = async (circle: string, hash: string) => {
    const content = files.get(fileOf(circle, hash));
    return content === undefined ? null : { bytes: Buffer.from(content), type: 'image/jpeg' as const };
  };
  return {
    async put(circle, hash, _by, bytes) {
      const file = fileOf(circle, hash);
      const isNew = !files.has(file);
      files.set(file, bytes.toString());
      return isNew;
    },
    get: find,
    thumbnail: find,
    sweep: async () => 0
  };
}
