import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { isCircleId } from '#domain/id.ts';
import type { Couch } from '../couch.ts';
import type { Database } from '../couch-database.ts';
import { isPictureFile } from '../photos.ts';
import { isHubDatabase } from './dump.ts';
import { BackupFault, picturesSection, type Doc, type Local, type Picture } from './format.ts';
import { readBackup, type Summary } from './read-backup.ts';

const docsAtOnce = 200;
const bytesAtOnce = 2 * 1024 * 1024;

/**
 * Brings a backup into an empty store and an empty directory of pictures. Documents come in the order in which the database took them,
 * with their whole histories, so that claims that were not answered yet keep their order. Rejects at the first fault.
 */
export async function loadBackup(file: string, to: { couch: Couch; photos: string }): Promise<Summary> {
  const items = readBackup(file);
  let database: Database | null = null;
  let waiting: Doc[] = [];
  let bytes = 0;
  const flush = async () => {
    if (database && waiting.length > 0) await writeAll(database, waiting);
    waiting = [];
    bytes = 0;
  };
  for (;;) {
    const next = await items.next();
    if (next.done) {
      await flush();
      return next.value;
    }
    const item = next.value;
    if ('doc' in item) {
      waiting.push(item.doc);
      bytes += JSON.stringify(item.doc).length;
      if (waiting.length >= docsAtOnce || bytes >= bytesAtOnce) await flush();
    } else if ('local' in item) {
      if (database) await putLocal(database, item.local);
    } else if ('picture' in item) {
      await putPicture(to.photos, item.picture);
    } else {
      await flush();
      database = item.section === picturesSection ? null : await make(to.couch, item.section);
    }
  }
}

async function make(couch: Couch, name: string): Promise<Database> {
  if (!isHubDatabase(name)) throw new BackupFault(`No hub makes a database called ${name}.`);
  return couch.ensure(name);
}

async function writeAll(database: Database, docs: readonly Doc[]): Promise<void> {
  const [refused] = await database.bulkDocs(docs, { newEdits: false });
  if (refused?.error)
    throw new Error(`The database refused ${refused.id} of ${database.name}: ${refused.reason ?? refused.error}`);
}

/** A sequence means nothing in another database: followers look through it once more, which changes nothing. */
async function putLocal(database: Database, { id, fields }: Local): Promise<void> {
  await database.putLocal(id, 'since' in fields ? { ...fields, since: '0' } : fields);
}

async function putPicture(photos: string, { circle, file, bytes }: Picture): Promise<void> {
  if (!isCircleId(circle) || !isPictureFile(file)) throw new BackupFault(`No picture is called ${circle}/${file}.`);
  await mkdir(join(photos, circle), { recursive: true, mode: 0o700 });
  const handle = await open(join(photos, circle, file), 'w', 0o600);
  try {
    await handle.writeFile(Buffer.from(bytes, 'base64'));
    await handle.sync();
  } finally {
    await handle.close();
  }
}
