import { createHash } from 'node:crypto';
import { open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { isCircleId } from '#domain/id.ts';
import type { Couch } from '../couch.ts';
import { isPictureFile } from '../photos.ts';
import { systemName } from '../system.ts';
import { version } from '../version.ts';
import { dumpDocuments, dumpLocals, isHubDatabase } from './dump.ts';
import { formatName, formatVersion, gzipHeader, picturesSection, type Line, type Tally } from './format.ts';

export type BackupSource = { couch: Couch; photos: string; clock: () => number };

/** Handed to gzip by the piece: one of a line each would cost more in calls than in compression. */
const pieceBytes = 64 * 1024;

/**
 * Writes the whole hub into one file, readable by its owner alone, while the hub runs or not: to a scratch name, on disk, then renamed, so
 * that a file of that name is always whole. Answers the sections.
 */
export async function writeBackup(source: BackupSource, file: string): Promise<Tally[]> {
  const scratch = `${file}.${process.pid}.new`;
  const handle = await open(scratch, 'wx', 0o600);
  try {
    const sections: Tally[] = [];
    await pipeline(Readable.from(pieces(lines(source, sections))), createGzip(), async (packed) => {
      for await (const piece of packed as AsyncIterable<Buffer>) await handle.writeFile(piece);
    });
    // Node writes what system it runs on; where it was written is nothing to a backup (format.ts).
    await handle.write(gzipHeader, 0, gzipHeader.length, 0);
    await handle.sync();
    await handle.close();
    await rename(scratch, file);
    return sections;
  } catch (error) {
    await handle.close().catch(() => undefined);
    await rm(scratch, { force: true });
    throw error;
  }
}

async function* lines({ couch, photos, clock }: BackupSource, sections: Tally[]): AsyncGenerator<string> {
  const whole = createHash('sha256');
  const text = (line: Line) => {
    const one = `${JSON.stringify(line)}\n`;
    whole.update(one);
    return one;
  };
  const createdAt = new Date(clock()).toISOString();
  yield text({ format: formatName, version: formatVersion, hub: version, createdAt });
  for await (const { name, content } of contents(couch, photos)) {
    yield text({ begin: name });
    const tally = { section: name, docs: 0, locals: 0, pictures: 0 };
    const hash = createHash('sha256');
    for await (const line of content) {
      const one = text(line);
      hash.update(one);
      if ('doc' in line) tally.docs++;
      else if ('local' in line) tally.locals++;
      else tally.pictures++;
      yield one;
    }
    const closed = { ...tally, sha256: hash.digest('hex') };
    sections.push(closed);
    yield text({ end: closed });
  }
  const manifest: Line = { manifest: sections, sha256: whole.digest('hex') };
  yield `${JSON.stringify(manifest)}\n`;
}

type Content = Extract<Line, { doc: unknown } | { local: unknown } | { picture: unknown }>;

/**
 * The order makes a backup of a running hub sound: pictures after the records that name them, and `system` last, so that whoever has
 * a membership in it has the account too, and every use of an invite is counted.
 */
async function* contents(
  couch: Couch,
  photos: string
): AsyncGenerator<{ name: string; content: AsyncGenerator<Content> }> {
  const names = (await couch.list()).filter((name) => isHubDatabase(name) && name !== systemName);
  for (const name of names) yield { name, content: databaseContent(couch, name) };
  yield { name: picturesSection, content: pictureContent(photos) };
  yield { name: systemName, content: databaseContent(couch, systemName) };
}

async function* databaseContent(couch: Couch, name: string): AsyncGenerator<Content> {
  const database = couch.database(name);
  const ids = new Set<string>();
  for await (const doc of dumpDocuments(database)) {
    ids.add(doc._id);
    yield { doc };
  }
  for await (const local of dumpLocals(database, ids)) yield { local };
}

async function* pictureContent(photos: string): AsyncGenerator<Content> {
  for (const circle of (await readdir(photos).catch(() => [])).filter(isCircleId)) {
    for (const file of (await readdir(join(photos, circle))).filter(isPictureFile)) {
      // One that the hub has just swept away is no loss: nothing named it.
      const bytes = await readFile(join(photos, circle, file)).catch(() => null);
      if (bytes) yield { picture: { circle, file, bytes: bytes.toString('base64') } };
    }
  }
}

async function* pieces(texts: AsyncIterable<string>): AsyncGenerator<Buffer> {
  let held: Buffer[] = [];
  let size = 0;
  for await (const text of texts) {
    const bytes = Buffer.from(text);
    held.push(bytes);
    size += bytes.length;
    if (size < pieceBytes) continue;
    yield Buffer.concat(held);
    held = [];
    size = 0;
  }
  if (size > 0) yield Buffer.concat(held);
}
