import { mkdir, open, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { isAccountId, isCircleId, isPhotoHash, parseRecordId } from '#domain/id.ts';
import type { Couch } from './couch.ts';
import { CouchError } from './couch-error.ts';
import { ApiError } from './errors.ts';
import { inspectPicture, makeThumbnail, type PictureType } from './pictures.ts';
import type { Serial } from './serial.ts';

export type StoredPhoto = { bytes: Buffer; type: PictureType };

/** The pictures of circles, as files. Each is named by its hash and by who brought it, so that a listing tells everything. */
export type Photos = {
  /** Keeps a picture whose hash was checked, on disk before it resolves; false when the circle has it already. */
  put(circle: string, hash: string, by: string, bytes: Buffer): Promise<boolean>;
  get(circle: string, hash: string): Promise<StoredPhoto | null>;
  /** Made with the picture, and once more should it be missing. */
  thumbnail(circle: string, hash: string): Promise<StoredPhoto | null>;
  /** Takes away what no photo record has named for 30 days. Answers how many went. */
  sweep(): Promise<number>;
};

/** 300 large pictures or 2,000 as our own app sends them: years of a household's things. */
const quotaBytes = 600 * 1024 * 1024;
const unreferencedMs = 30 * 86_400_000;
const indexedCircles = 1_000;

const extensions: Record<PictureType, string> = { 'image/jpeg': 'jpg', 'image/png': 'png', 'image/webp': 'webp' };
const types = new Map(Object.entries(extensions).map(([type, extension]) => [extension, type as PictureType]));

type Entry = { file: string; by: string; type: PictureType; bytes: number };

export function createPhotos(deps: { couch: Couch; clock: () => number; directory: string; serial: Serial }): Photos {
  const { couch, clock, serial } = deps;
  const root = join(deps.directory, 'photos');
  const indexes = new Map<string, Promise<Map<string, Entry>>>();
  const directoryOf = (circle: string) => {
    if (!isCircleId(circle)) throw new RangeError('No circle has such an id');
    return join(root, circle);
  };
  const thumbnailOf = (circle: string, hash: string) => join(directoryOf(circle), 'thumbnails', `${hash}.webp`);

  function indexOf(circle: string): Promise<Map<string, Entry>> {
    const known = indexes.get(circle);
    if (known) return known;
    const index = readIndex(directoryOf(circle));
    index.catch(() => indexes.delete(circle));
    indexes.set(circle, index);
    if (indexes.size > indexedCircles) indexes.delete(indexes.keys().next().value!);
    return index;
  }

  async function entryOf(circle: string, hash: string): Promise<Entry | null> {
    return isPhotoHash(hash) ? ((await indexOf(circle)).get(hash) ?? null) : null;
  }

  async function remove(circle: string, hash: string, { file }: Entry): Promise<void> {
    await rm(join(directoryOf(circle), file), { force: true });
    await rm(thumbnailOf(circle, hash), { force: true });
    (await indexOf(circle)).delete(hash);
  }

  async function sweepCircle(circle: string): Promise<number> {
    const index = await indexOf(circle);
    const named = await hashesNamedIn(couch, circle);
    let removed = 0;
    for (const [hash, entry] of [...index]) {
      const file = join(directoryOf(circle), entry.file);
      // The file's time is when it was last found named; a picture just uploaded has its own.
      if (named.has(hash)) await utimes(file, clock() / 1000, clock() / 1000);
      else if (clock() - (await stat(file)).mtimeMs > unreferencedMs) {
        await remove(circle, hash, entry);
        removed++;
      }
    }
    return removed;
  }

  return {
    put: (circle, hash, by, bytes) =>
      serial(`photos ${circle}`, async () => {
        if (await entryOf(circle, hash)) return false;
        const type = await inspectPicture(bytes);
        const index = await indexOf(circle);
        const used = [...index.values()].reduce((sum, entry) => (entry.by === by ? sum + entry.bytes : sum), 0);
        if (used + bytes.length > quotaBytes) throw new ApiError('quota-full');
        // What cannot be drawn is no picture; better found out now than by everybody who looks.
        const small = await makeThumbnail(bytes);
        const file = `${hash}.${by}.${extensions[type]}`;
        await writeWhole(join(directoryOf(circle), 'thumbnails'), `${hash}.webp`, small);
        await writeWhole(directoryOf(circle), file, bytes);
        index.set(hash, { file, by, type, bytes: bytes.length });
        return true;
      }),
    async get(circle, hash) {
      const entry = await entryOf(circle, hash);
      return entry && { bytes: await readFile(join(directoryOf(circle), entry.file)), type: entry.type };
    },
    async thumbnail(circle, hash) {
      const entry = await entryOf(circle, hash);
      if (!entry) return null;
      const kept = await readFile(thumbnailOf(circle, hash)).catch(() => null);
      if (kept) return { bytes: kept, type: 'image/webp' };
      return serial(`thumbnail ${circle} ${hash}`, async () => {
        const bytes = await makeThumbnail(await readFile(join(directoryOf(circle), entry.file)));
        await writeWhole(join(directoryOf(circle), 'thumbnails'), `${hash}.webp`, bytes);
        return { bytes, type: 'image/webp' };
      });
    },
    async sweep() {
      let removed = 0;
      for (const circle of await readdir(root).catch(() => [])) {
        if (isCircleId(circle)) removed += await serial(`photos ${circle}`, () => sweepCircle(circle));
      }
      return removed;
    }
  };
}

/** Every picture of a directory by its hash; what is no picture of ours (a write that was cut off) is not seen. */
async function readIndex(directory: string): Promise<Map<string, Entry>> {
  const index = new Map<string, Entry>();
  for (const file of await readdir(directory).catch(() => [])) {
    const named = parseFile(file);
    if (!named) continue;
    const { hash, by, type } = named;
    index.set(hash, { file, by, type, bytes: (await stat(join(directory, file))).size });
  }
  return index;
}

function parseFile(file: string): { hash: string; by: string; type: PictureType } | null {
  const [hash, by, extension = '', ...more] = file.split('.');
  const type = types.get(extension);
  return isPhotoHash(hash) && isAccountId(by) && type && more.length === 0 ? { hash, by, type } : null;
}

/** Whether a file of this name is a picture of ours: its SHA-256, who brought it, its type. */
export const isPictureFile = (file: string): boolean => parseFile(file) !== null;

/** The hashes of all photo records that stand in the circle, whoever wrote them. */
async function hashesNamedIn(couch: Couch, circle: string): Promise<Set<string>> {
  const hashes = new Set<string>();
  try {
    const { rows } = await couch.database(`c-${circle}`).allDocs();
    for (const { id } of rows) {
      const parts = parseRecordId(id);
      if (parts?.kind === 'photo') hashes.add(parts.key);
    }
  } catch (error) {
    // A circle whose founding was undone has no database and no pictures worth keeping.
    if (!(error instanceof CouchError && error.status === 404)) throw error;
  }
  return hashes;
}

/** Readers see the whole file or none, after a power cut too. */
async function writeWhole(directory: string, name: string, bytes: Buffer): Promise<void> {
  await mkdir(directory, { recursive: true });
  const scratch = join(directory, `${name}.${process.pid}.new`);
  const handle = await open(scratch, 'w', 0o600);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(scratch, join(directory, name));
  const folder = await open(directory, 'r');
  await folder.sync().finally(() => folder.close());
}
