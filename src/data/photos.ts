import { ask, onClose } from './device.ts';
import { DeviceError } from './device-error.ts';
import { session } from './session.svelte.ts';
import { nowText } from './write.ts';

// Object URLs hold their pictures in memory: as many as a long scroll shows, then the oldest go.
const mostUrls = 300;
const urls = new Map<string, Promise<string | null>>();

/** Takes a picture in: re-encoded without EXIF, stored here, announced as my `photo` record, uploaded in the background. */
export async function addPhoto(circle: string, file: Blob): Promise<string> {
  const { encodePhoto, makePhoto } = await import('./photo-encode.ts');
  const { blob, hash, width, height, thumbhash } = await encodePhoto(file).catch((error: unknown) => {
    throw new DeviceError('picture-unreadable', String(error));
  });
  const record = makePhoto(
    { width, height, bytes: blob.size, type: 'image/jpeg', thumbhash },
    { author: session.me!.id, now: nowText(), key: hash }
  );
  await ask('addPicture', circle, record, hash, blob);
  return record._id;
}

/** R4: takes these pictures of mine back, those apart that something else of mine still shows. */
export function dropPhotos(circle: string, ids: readonly string[]): Promise<void> {
  return ask('dropPictures', circle, [...ids]);
}

/** A blob: URL of a picture from this device's store, fetched when needed; null when it cannot be had now. */
export function photoUrl(circle: string, photoId: string, size: 320 | 'full'): Promise<string | null> {
  const key = `${circle} ${photoId} ${size}`;
  const known = urls.get(key);
  if (known) {
    urls.delete(key);
    urls.set(key, known);
    return known;
  }
  const url = ask('picture', circle, photoId, size === 'full' ? 0 : size).then((blob) =>
    blob ? URL.createObjectURL(blob) : null
  );
  // The next person at this browser is to find none of them.
  if (urls.size === 0) onClose(() => [...urls.keys()].forEach((each) => void forget(each)));
  urls.set(key, url);
  // Not there now is no answer for ever: the next look asks again.
  url.then(
    (text) => text === null && urls.delete(key),
    () => urls.delete(key)
  );
  if (urls.size > mostUrls) void forget(urls.keys().next().value!);
  return url;
}

async function forget(key: string): Promise<void> {
  const url = urls.get(key);
  urls.delete(key);
  const text = await url?.catch(() => null);
  if (text) URL.revokeObjectURL(text);
}
