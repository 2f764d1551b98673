import { timeKey } from '#domain/id.ts';
import type { AnyRecord } from '#domain/record.ts';
import { correctedNow } from './clock.ts';
import { ask } from './device.ts';
import { DeviceError } from './device-error.ts';
import type { Doc } from './log.ts';

// Two tabs of one person may change one record at the same moment; more often than this it is no accident.
const mostTries = 3;

/**
 * Saves a record of mine in a circle (or `me`), shows it and sends it behind the caller's back. Rejects with
 * DeviceError(code, field) when it may not stand, or when the store is full or broken.
 */
export async function write(circle: string, record: AnyRecord): Promise<void> {
  await ask('write', circle, plain(record));
  if (record.kind === 'listing') void keepStorage();
}

/** Changes a record of mine: `fn` gets it as it stands; `updatedAt` is set here. */
export async function change<T extends AnyRecord>(circle: string, id: string, fn: (before: T) => T): Promise<void> {
  for (let tries = 1; ; tries++) {
    const before = await ask('record', circle, id);
    if (!before) throw new DeviceError('not-found');
    const { _conflicts, ...record } = before;
    void _conflicts;
    const after = { ...fn(record as unknown as T), _rev: before._rev, updatedAt: nowText() };
    try {
      return await ask('write', circle, plain(after));
    } catch (error) {
      if (!(error instanceof DeviceError && error.code === 'conflict') || tries === mostTries) throw error;
    }
  }
}

/** R4: deletion is for privacy; a tombstone carries no fields. */
export async function removeRecord(circle: string, id: string): Promise<void> {
  const before = await ask('record', circle, id);
  if (before) await ask('write', circle, { _id: id, _rev: before._rev, _deleted: true });
}

/** Puts a refused record out of the list; its words are gone with it. */
export async function dropRefused(circle: string, id: string): Promise<void> {
  await ask('dropRefused', circle, id);
}

/** A new time-ordered key for a record of mine. */
export function newKey(): string {
  return timeKey(correctedNow(), (bytes) => crypto.getRandomValues(new Uint8Array(bytes)));
}

/** Now as records carry it: corrected by the hub's clock. */
export function nowText(): string {
  return new Date(correctedNow()).toISOString();
}

/** Runes' proxies do not travel to a worker; records are JSON anyway. */
function plain(record: object): Doc {
  return JSON.parse(JSON.stringify(record)) as Doc;
}

/** After the first post people have something to lose: the browser is asked not to clear it. */
async function keepStorage(): Promise<void> {
  if (!(await navigator.storage.persisted?.())) await navigator.storage.persist?.();
}
