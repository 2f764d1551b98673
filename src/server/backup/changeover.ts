import { existsSync } from 'node:fs';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

/*
 * A restore builds the new hub beside the old one, in `HUB_DATA/restoring`. Once all of it is on disk a file says so, and from then on
 * the change-over goes to its end: by the command, or after a power cut by whoever opens the hub next.
 */

export type Scratch = { directory: string; store: string; photos: string };

export const scratchOf = (data: string): Scratch => {
  const directory = join(data, 'restoring');
  return { directory, store: join(directory, 'store'), photos: join(directory, 'photos') };
};

const readyFile = (data: string): string => join(scratchOf(data).directory, 'ready');
const brokenFile = (data: string): string => join(data, 'restore-unfinished');

/** An empty place for the new hub; what a restore that was cut off left there goes. */
export async function openScratch(data: string): Promise<Scratch> {
  const scratch = scratchOf(data);
  await rm(scratch.directory, { recursive: true, force: true });
  await mkdir(scratch.photos, { recursive: true, mode: 0o700 });
  return scratch;
}

/** Says that the new hub is whole, and that the old one goes into the directory `aside`. */
export async function declareReady(data: string, aside: string): Promise<void> {
  await writeSynced(readyFile(data), aside);
}

/** Puts a new hub that is whole in the old one's place; nothing to do when there is none. Repeated after a cut it goes on. */
export async function changeOver(data: string): Promise<void> {
  const aside = await readFile(readyFile(data), 'utf8').catch(() => null);
  if (aside === null) return;
  const scratch = scratchOf(data);
  for (const part of ['store', 'photos'] as const) {
    if (!existsSync(scratch[part])) continue;
    if (existsSync(join(data, part))) {
      await mkdir(join(data, aside), { recursive: true, mode: 0o700 });
      await rename(join(data, part), join(data, aside, part));
    }
    await rename(scratch[part], join(data, part));
  }
  await rm(brokenFile(data), { force: true });
  await rm(scratch.directory, { recursive: true });
}

/** A CouchDB has no renaming: from now on until `changeOver` its databases are in pieces, and no hub may start on them. */
export async function declareBroken(data: string, sentence: string): Promise<void> {
  await writeSynced(brokenFile(data), sentence);
}

/** Why no hub may start here, or null. */
export const brokenBy = (data: string): Promise<string | null> => readFile(brokenFile(data), 'utf8').catch(() => null);

async function writeSynced(file: string, text: string): Promise<void> {
  const handle = await open(file, 'w', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
