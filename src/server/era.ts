import { mkdir, open, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Couch } from './couch.ts';
import { drawText, type Random } from './draw.ts';
import { systemName, updateDocument, type Stored } from './system.ts';

const documentId = 'era';

type EraDocument = {
  era: string;
  starts: number;
  /** When the backup was made that this database comes from; it stands until the first start afterwards. */
  restoredFrom?: string;
};
type Marker = { starts: number; inode: number; bornAtMs: number };

/**
 * The hub's era, which changes when it was restored from a backup, so that devices hand back what the hub lost. Three signs tell: the
 * database says so (`hub restore`), the marker in `HUB_DATA` is a copy (another inode and birth than it says of itself), or the database
 * has seen fewer starts than the marker. A data directory that is new beside an old database is no restore. `begin` is done before
 * the new era stands, and once more after a crash in between.
 */
export async function openEra(deps: {
  couch: Couch;
  directory: string;
  random: Random;
  begin(era: string): Promise<void>;
}): Promise<string> {
  const system = deps.couch.database(systemName);
  const file = join(deps.directory, 'era.json');
  const marker = await readMarker(file);
  const before = await system.get<Stored<EraDocument>>(documentId);
  const isOlder = marker !== null && (marker.copied || (before?.starts ?? 0) < marker.starts);
  const isRestored = before?.restoredFrom !== undefined || isOlder;
  const era = before && !isRestored ? before.era : drawText(deps.random, 12);
  if (isRestored) await deps.begin(era);
  const after = await updateDocument<EraDocument>(system, documentId, (now) => ({
    era,
    starts: Math.max(now?.starts ?? 0, marker?.starts ?? 0) + 1
  }));
  await mkdir(deps.directory, { recursive: true });
  await writeMarker(file, after!.starts);
  return era;
}

/** Says of a database that it comes from a backup: its next start begins a new era, whatever else it finds. */
export async function markRestored(couch: Couch, backupAt: string): Promise<void> {
  await updateDocument<EraDocument>(couch.database(systemName), documentId, (before) => ({
    era: before?.era ?? '',
    starts: before?.starts ?? 0,
    restoredFrom: backupAt
  }));
}

async function readMarker(file: string): Promise<(Marker & { copied: boolean }) | null> {
  try {
    const marker = JSON.parse(await readFile(file, 'utf8')) as Marker;
    const { ino, birthtimeMs } = await stat(file);
    return { ...marker, copied: marker.inode !== ino && marker.bornAtMs !== birthtimeMs };
  } catch {
    return null;
  }
}

async function writeMarker(file: string, starts: number): Promise<void> {
  const scratch = `${file}.new`;
  const handle = await open(scratch, 'w', 0o600);
  try {
    const { ino, birthtimeMs } = await handle.stat();
    await handle.writeFile(JSON.stringify({ starts, inode: ino, bornAtMs: birthtimeMs } satisfies Marker));
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(scratch, file);
}
