import { parseRecordId } from '#domain/id.ts';
import { photoId } from '#domain/photo/photo.ts';
import type { DeviceStore, Picture } from './device-store.ts';
import type { ReadModel } from './read-model.ts';
import { RemoteError } from './remote.ts';

/** 0 is the picture as its author sent it. */
export type PictureSize = Picture['size'];

export type PictureDeps = {
  store: DeviceStore;
  model: ReadModel;
  origin: string;
  fetch: typeof fetch;
  now: () => number;
  /** Whether I am in this circle; of one that I left nothing is asked. */
  follows(circle: string): boolean;
  /** The hub has this picture now: its record may say so. */
  uploaded(circle: string, hash: string): Promise<void>;
  /** The hub will never take it. */
  refused(circle: string, hash: string, code: string): Promise<void>;
};

export type Pictures = ReturnType<typeof createPictures>;

// A shelf's first screens; what is further down is fetched when it is looked at.
const aheadListings = 50;
// Pictures share the six connections of an origin with everything else.
const aheadAtOnce = 2;

/** The device's own picture store: pictures wait here for the hub, and thumbnails for being looked at without a network. */
export function createPictures(deps: PictureDeps) {
  const { store, model, now } = deps;
  const address = (circle: string, hash: string) => `${deps.origin}/api/circles/${circle}/photos/${hash}`;

  async function fetched(circle: string, hash: string, size: PictureSize): Promise<Blob | null> {
    if (!deps.follows(circle)) return null;
    const answer = await deps.fetch(address(circle, hash) + (size ? `?w=${size}` : ''));
    if (!answer.ok) return null;
    const blob = await answer.blob();
    const row: Picture = { circle, hash, size, blob, bytes: blob.size, usedAt: now(), waits: 0 };
    // A full store must not cost the picture that is being looked at.
    await store.pictures.put(row).catch(() => undefined);
    return blob;
  }

  async function get(circle: string, id: string, size: PictureSize): Promise<Blob | null> {
    const hash = parseRecordId(id)?.key;
    if (!hash) return null;
    const row =
      (await store.pictures.get([circle, hash, size])) ?? (size && (await store.pictures.get([circle, hash, 0])));
    if (row) {
      // To the day is enough to know what was looked at lately, and spares a write for every look.
      if (now() - row.usedAt > 86_400_000) void store.pictures.update([circle, hash, row.size], { usedAt: now() });
      return row.blob;
    }
    return fetched(circle, hash, size).catch(() => null);
  }

  return {
    get,

    /** Keeps a new picture until the hub has it. */
    async add(circle: string, hash: string, blob: Blob): Promise<void> {
      await store.pictures.put({ circle, hash, size: 0, blob, bytes: blob.size, usedAt: now(), waits: 1 });
    },

    /** Lets go of a picture, whether or not the hub has it yet. */
    async drop(circle: string, id: string): Promise<void> {
      const hash = parseRecordId(id)!.key;
      await store.pictures.where(':id').between([circle, hash, 0], [circle, hash, Infinity]).delete();
    },

    /**
     * After a restore: of this author's pictures that are still here, those that the hub lost wait once more. Each is asked
     * for by its name alone; their records tell nothing, since another device may have handed them back.
     */
    async offerAgain(circle: string, author: string): Promise<void> {
      const keys = await store.pictures.where('waits').equals(0).primaryKeys();
      for (const [where, hash, size] of keys) {
        if (where !== circle || size !== 0 || !(await model.photo.get([circle, photoId(author, hash)]))) continue;
        const answer = await deps.fetch(address(circle, hash), { headers: { 'if-none-match': `"${hash}"` } });
        if (answer.status >= 500) throw new RemoteError(answer.status, 'picture');
        if (answer.status === 404) await store.pictures.update([circle, hash, 0], { waits: 1 });
      }
    },

    /** How many of these circles' pictures wait for the hub. */
    async waiting(circles: readonly string[]): Promise<number> {
      const keys = await store.pictures.where('waits').equals(1).primaryKeys();
      return keys.filter(([circle]) => circles.includes(circle)).length;
    },

    /** Sends what waits for the circles that are followed; rejects with RemoteError when the line is gone, so that it is tried again. */
    async upload(): Promise<void> {
      const waiting = await store.pictures.where('waits').equals(1).toArray();
      for (const { circle, hash, size, blob } of waiting) {
        if (!deps.follows(circle)) continue;
        const answer = await deps.fetch(address(circle, hash), {
          method: 'PUT',
          body: blob,
          headers: { 'content-type': blob.type }
        });
        if (answer.ok) await deps.uploaded(circle, hash);
        else if ([400, 413, 415].includes(answer.status)) await deps.refused(circle, hash, `picture-${answer.status}`);
        else throw new RemoteError(answer.status, 'picture');
        await store.pictures.update([circle, hash, size], { waits: 0 });
      }
    },

    /** Fetches the covers of the newest listings ahead, for when there is no network. */
    async ahead(circle: string): Promise<void> {
      const rows = await model.listing
        .where('[circle+shelfAt]')
        .between([circle, ''], [circle, '\uffff'])
        .reverse()
        .limit(aheadListings)
        .toArray();
      const covers = rows.flatMap(({ record }) => record.photos[0] ?? []);
      const photos = await model.photo.bulkGet(covers.map((id) => [circle, id]));
      const there = photos.flatMap((row) => (row?.record.uploadedAt ? [parseRecordId(row.id)!.key] : []));
      const keys = there.flatMap((hash) => [0, 320].map((size) => [circle, hash, size] as [string, string, number]));
      // By keys alone: reading fifty pictures to learn that they are here would be felt on every ring.
      const here = new Set((await store.pictures.where(':id').anyOf(keys).primaryKeys()).map(([, hash]) => hash));
      const next = there.filter((hash) => !here.has(hash)).values();
      await Promise.all(
        Array.from({ length: aheadAtOnce }, async () => {
          for (const hash of next) await fetched(circle, hash, 320).catch(() => null);
        })
      );
    },

    /**
     * Lets pictures go that the hub has, longest unseen first, until this many bytes are free. By keys alone: a picture
     * that was read, even by a cursor, keeps its place on the disk until the browser has forgotten it (tried).
     */
    async makeRoom(bytes: number): Promise<number> {
      let freed = 0;
      const keys: [string, string, number][] = [];
      await store.pictures
        .where('[waits+usedAt+bytes]')
        .between([0, 0], [0, Infinity])
        .until(() => freed >= bytes)
        .eachKey((key, cursor) => {
          freed += (key as unknown as number[])[2]!;
          keys.push(cursor.primaryKey);
        });
      await store.pictures.bulkDelete(keys);
      return freed;
    }
  };
}
