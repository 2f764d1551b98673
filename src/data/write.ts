import type { AnyRecord } from '#domain/record.ts';

/** Saves a record of mine in a circle (or `me`), shows it and sends it; rejects with DeviceError(code, field) when it may not stand. */
export async function write(circle: string, record: AnyRecord): Promise<void> {
  void [circle, record];
}

/** Changes a record of mine: `fn` gets the record as it stands; `updatedAt` is set here. */
export async function change<T extends AnyRecord>(circle: string, id: string, fn: (before: T) => T): Promise<void> {
  void [circle, id, fn];
}

/** R4: deletion is for privacy; leaves a tombstone without fields. */
export async function removeRecord(circle: string, id: string): Promise<void> {
  void [circle, id];
}

/** A new time-ordered key for a record of mine. */
export function newKey(): string {
  return crypto.randomUUID();
}

/** Now, by this device's clock corrected by the hub's. */
export function nowText(): string {
  return new Date().toISOString();
}
