import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { documentsWith, systemName } from '../system.ts';
import { connectCouch, type Couch } from '../couch.ts';
import { CouchError } from '../couch-error.ts';
import { runningStore, untilUp } from '../database.ts';
import { startEmbedded } from '../embedded/supervise.ts';
import type { HubEnv } from '../env.ts';
import { markRestored } from '../era.ts';
import { goneAfterMs, lastBeat } from '../running.ts';
import { changeOver, declareBroken, declareReady, openScratch, type Scratch } from './changeover.ts';
import { isHubDatabase } from './dump.ts';
import { loadBackup } from './load-backup.ts';
import { readBackup, type Summary } from './read-backup.ts';
import { writeBackup } from './write-backup.ts';

/** A restore that is not begun, with the reason for the operator. */
export class NotRestored extends Error {}

type RestoreEnv = Pick<HubEnv, 'data' | 'couchUrl' | 'couchPrefix'>;
/** `aside` is where the old hub is kept, a directory or a backup; null when there was none. */
export type Restored = Summary & { aside: string | null };

const silent = { info: () => undefined, error: (_: object, sentence: string) => console.error(sentence) };

/** Reads a backup through to its end; rejects with BackupFault at the first fault. */
export async function verifyBackup(file: string): Promise<Summary> {
  const items = readBackup(file);
  for (;;) {
    const next = await items.next();
    if (next.done) return next.value;
  }
}

/**
 * Puts the hub of a backup in place of what is there. Nothing is touched before the backup was read through; with accounts there
 * already it asks for `replace`, and keeps the old hub aside. The hub's next start begins a new era. Rejects when a hub is running.
 */
export async function restoreBackup(
  file: string,
  env: RestoreEnv,
  { replace, clock }: { replace: boolean; clock: () => number }
): Promise<Restored> {
  await verifyBackup(file);
  await mkdir(env.data, { recursive: true, mode: 0o700 });
  await changeOver(env.data);
  const name = `before-restore-${new Date(clock()).toISOString().replaceAll(/[-:]|\.\d+/g, '')}`;
  return env.couchUrl
    ? restoreCouch(file, { ...env, couchUrl: env.couchUrl }, { name, replace, clock })
    : restoreEmbedded(file, env, { name, replace });
}

type How = { name: string; replace: boolean };

async function restoreEmbedded(file: string, env: RestoreEnv, { name, replace }: How): Promise<Restored> {
  const { data, couchPrefix: prefix } = env;
  if (await runningStore(env)) throw new NotRestored('The hub is running. Stop it first.');
  const isThere = existsSync(join(data, 'store'));
  // The old store is held until the change-over, so that no hub starts on it meanwhile.
  const old = isThere ? await holdStore(data) : null;
  try {
    if (old) await refuseOver(connectCouch({ url: old.url, prefix }), replace);
    const scratch = await openScratch(data);
    const summary = await fillStore(file, scratch, prefix);
    await declareReady(data, name);
    await old?.stop();
    await changeOver(data);
    return { ...summary, aside: isThere ? join(data, name) : null };
  } finally {
    await old?.stop();
  }
}

async function holdStore(data: string) {
  try {
    return await startEmbedded({ directory: join(data, 'store'), log: silent });
  } catch (error) {
    throw new NotRestored(`The store in ${data} is in use. Stop the hub first.`, { cause: error });
  }
}

async function fillStore(file: string, scratch: Scratch, prefix: string): Promise<Summary> {
  await mkdir(scratch.store, { mode: 0o700 });
  const store = await startEmbedded({ directory: scratch.store, log: silent });
  try {
    const couch = connectCouch({ url: store.url, prefix });
    const summary = await loadBackup(file, { couch, photos: scratch.photos });
    await markRestored(couch, summary.header.createdAt);
    return summary;
  } finally {
    await store.stop();
  }
}

/** A CouchDB cannot rename a database, so the old hub is kept as a backup of its own, and put back from it where need be. */
async function restoreCouch(
  file: string,
  { data, couchUrl, couchPrefix }: RestoreEnv & { couchUrl: string },
  { name, replace, clock }: How & { clock: () => number }
): Promise<Restored> {
  const couch = connectCouch({ url: couchUrl, prefix: couchPrefix });
  await untilUp(couch);
  const names = (await couch.list()).filter(isHubDatabase);
  let aside: string | null = null;
  if (names.includes(systemName)) {
    const beat = await lastBeat(couch, clock());
    if (beat !== null) {
      const ago = Math.round((clock() - beat) / 1000);
      throw new NotRestored(
        `A hub was running on this CouchDB ${ago} s ago. Stop it; after a crash wait ${goneAfterMs / 1000} s and try again.`
      );
    }
    await refuseOver(couch, replace);
    aside = join(data, `${name}.backup`);
    await writeBackup({ couch, photos: join(data, 'photos'), clock }, aside);
  }
  const scratch = await openScratch(data);
  const wayBack = aside ? `, or "restore ${aside} --replace" for the hub as it was` : '';
  await declareBroken(data, `A restore was cut off. Repeat it${wayBack}.`);
  for (const each of names) await remove(couch, each);
  const summary = await loadBackup(file, { couch, photos: scratch.photos });
  await markRestored(couch, summary.header.createdAt);
  await declareReady(data, name);
  await changeOver(data);
  return { ...summary, aside };
}

/** A cluster takes a moment to forget; one that is made again too soon would come back as it was. */
async function remove(couch: Couch, name: string): Promise<void> {
  await couch.database(name).destroy();
  for (;;) {
    const response = await couch.database(name).request('GET', []);
    await response.body?.cancel();
    if (response.status === 404) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function refuseOver(couch: Couch, replace: boolean): Promise<void> {
  if (replace) return;
  const accounts = await documentsWith(couch.database(systemName), 'account:', 1).catch((error: unknown) => {
    if (error instanceof CouchError && error.status === 404) return [];
    throw error;
  });
  if (accounts.length > 0)
    throw new NotRestored(
      'There is a hub here already. Add --replace to put the backup in its place; the old one is kept aside.'
    );
}
