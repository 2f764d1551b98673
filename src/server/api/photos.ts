import { createHash } from 'node:crypto';
import { isPhotoHash } from '#domain/id.ts';
import { largestPhotoBytes } from '#domain/photo/photo.ts';
import { ApiError } from '../errors.ts';
import { thumbnailWidth } from '../pictures.ts';
import type { Call, Route } from '../router.ts';
import { insider, spend, type Services } from './services.ts';

const path = '/api/circles/:id/photos/:hash';

/** Pictures travel by their hash: what a hash names never changes, so it is sent once and kept for ever. */
export function photoRoutes(services: Services): Route[] {
  const { photos, limits } = services;

  async function within(call: Call) {
    const { circle, account } = await insider(services, call);
    const hash = call.params['hash'];
    if (!isPhotoHash(hash)) throw new ApiError('not-found');
    return { circle, account, hash };
  }

  return [
    {
      method: 'PUT',
      path,
      takes: 'bytes',
      async run(call) {
        const { circle, account, hash } = await within(call);
        spend(limits, 'photo-upload', account);
        const bytes = await call.bytes(largestPhotoBytes);
        if (createHash('sha256').update(bytes).digest('hex') !== hash) throw new ApiError('wrong-hash');
        const isNew = await photos.put(circle, hash, account, bytes);
        return { status: isNew ? 201 : 200, body: { hash, bytes: bytes.length } };
      }
    },
    {
      method: 'GET',
      path,
      async run(call) {
        const { circle, hash } = await within(call);
        const isThumbnail = asksForThumbnail(call.query);
        const etag = `"${hash}${isThumbnail ? `-${thumbnailWidth}` : ''}"`;
        const photo = await (isThumbnail ? photos.thumbnail(circle, hash) : photos.get(circle, hash));
        if (!photo) throw new ApiError('not-found');
        // `private` and only with the same cookie: neither a cache in between nor the browser's own gives it to the person who comes next.
        const headers = { 'cache-control': 'private, max-age=31536000, immutable', vary: 'cookie', etag };
        if (call.req.headers['if-none-match'] === etag) return { status: 304, headers };
        return { status: 200, raw: photo.bytes, headers: { ...headers, 'content-type': photo.type } };
      }
    }
  ];
}

function asksForThumbnail(query: URLSearchParams): boolean {
  const text = query.toString();
  if (text !== '' && text !== `w=${thumbnailWidth}`) throw new ApiError('unknown-query');
  return text !== '';
}
