import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { photoRoutes } from '#server/api/photos.ts';
import type { Services } from '#server/api/services.ts';
import type { Photos } from '#server/photos.ts';
import { createRouter, type Answer } from '#server/router.ts';
import type { Session } from '#server/sessions.ts';

/** The hub's picture files by circle and hash; they outlive its process. */
export type PictureFiles = Map<string, string>;

export const fileOf = (circle: string, hash: string) => `${circle} ${hash}`;
export const hashOf = (content: string) => createHash('sha256').update(content).digest('hex');

/** A picture as far as a device looks at one: reading a whole Blob takes a time of its own, which no seed draws. */
export type Picture = { type: string; size: number; content: string };
export const pictureOf = (content: string): Blob =>
  ({ type: 'image/jpeg', size: content.length, content }) satisfies Picture as unknown as Blob;
export const contentOf = (blob: Blob) => (blob as unknown as Picture).content;

function inMemory(files: PictureFiles): Photos {
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

/** The shipped calls for pictures, over these files. */
export function createPictureDoor(
  files: PictureFiles,
  deps: Pick<Services, 'limits' | 'membership'>,
  session: (req: IncomingMessage) => Promise<Session>
) {
  const find = createRouter(photoRoutes({ ...deps, photos: inMemory(files) } as Services));
  return async (req: IncomingMessage): Promise<Answer> => {
    const { pathname, searchParams: query } = new URL(req.url!, 'http://hub');
    const found = find(req.method!, pathname);
    if (!found || found === 'wrong-method') throw new Error(`Nobody asks for ${req.method} ${pathname}`);
    return found.route.run({
      req,
      params: found.params,
      query,
      address: '',
      session: () => session(req),
      json: async () => undefined,
      bytes: async () => Buffer.concat(await Array.fromAsync(req))
    });
  };
}
