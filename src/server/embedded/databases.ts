import { readdir, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createLock, type Lock } from './lock.ts';
import { openPouch, type Pouch } from './pouch.ts';
import { createUpdates, type Updates } from './updates.ts';

/** An open database and what is known of it without asking the disk. */
export type Open = { name: string; pouch: Pouch; instance: string; seq: number; lock: Lock };

export type Databases = {
  names(): string[];
  has(name: string): boolean;
  /** False when it is there already. */
  create(name: string): Promise<boolean>;
  /** False when it is not there. */
  remove(name: string): Promise<boolean>;
  /** Opens the database for as long as `work` takes; null when there is none of that name. */
  use<T>(name: string, work: (open: Open) => Promise<T>): Promise<T | null>;
  /** To be called inside `use` after every write, before it is acknowledged. */
  wrote(open: Open): Promise<void>;
  updates: Updates;
  compactAll(): Promise<void>;
  close(): Promise<void>;
};

export const databaseName = /^[a-z][a-z0-9_$()+/-]{0,237}$/;

const trash = '.removed-';

// An open LevelDB holds about 4 MB of buffers and some ten files; 64 of them are a small machine's share.
const openLimit = 64;

type Slot = { opening: Promise<Open>; users: number; lastUsed: number; idle: () => void; ending: Promise<void> | null };

/** All databases under one directory, opened on use and closed again, the longest unused first, when too many are open. */
export async function openDatabases(directory: string, limit = openLimit): Promise<Databases> {
  await mkdir(directory, { recursive: true });
  const entries = await readdir(directory);
  for (const entry of entries.filter((name) => name.startsWith(trash)))
    await rm(join(directory, entry), { recursive: true });
  const known = new Set(entries.filter((name) => !name.startsWith('.')).map(decodeURIComponent));
  const slots = new Map<string, Slot>();
  const updates = createUpdates();
  const removals = new Map<string, Promise<void>>();
  let uses = 0;
  // A reader who comes with a sequence from before this start is told of every database: what it missed is not known any more.
  for (const name of known) updates.note(name, 'updated');

  const path = (name: string) => join(directory, encodeURIComponent(name));

  const openSlot = (name: string): Slot => {
    const opening = (async () => {
      const pouch = openPouch(path(name));
      const { update_seq: seq } = await pouch.info();
      const instance = (await pouch.id()).replaceAll('-', '').slice(0, 12);
      return { name, pouch, instance, seq, lock: createLock() };
    })();
    const slot: Slot = { opening, users: 0, lastUsed: 0, idle: () => {}, ending: null };
    slots.set(name, slot);
    opening.catch(() => slots.delete(name));
    return slot;
  };

  const closeSlot = (name: string, slot: Slot): Promise<void> => {
    slot.ending ??= (async () => {
      // LevelDB must not be closed under a reader.
      if (slot.users > 0) await new Promise<void>((resolve) => (slot.idle = resolve));
      await (await slot.opening).pouch.close();
      slots.delete(name);
    })();
    return slot.ending;
  };

  const closeIdle = () => {
    const idle = [...slots].filter(([, slot]) => slot.users === 0 && !slot.ending);
    const surplus = slots.size - limit;
    if (surplus <= 0) return;
    idle.sort(([, a], [, b]) => a.lastUsed - b.lastUsed);
    for (const [name, slot] of idle.slice(0, surplus)) void closeSlot(name, slot).catch(() => {});
  };

  const use: Databases['use'] = async (name, work) => {
    if (!known.has(name)) return null;
    for (let slot = slots.get(name); slot?.ending; slot = slots.get(name)) await slot.ending;
    const slot = slots.get(name) ?? openSlot(name);
    slot.users += 1;
    slot.lastUsed = uses += 1;
    try {
      return await work(await slot.opening);
    } finally {
      slot.users -= 1;
      if (slot.users === 0) slot.idle();
      closeIdle();
    }
  };

  /** Out of the way in one step, so that a crash in between leaves no half of a database behind. */
  const discard = async (name: string): Promise<void> => {
    const slot = slots.get(name);
    if (slot) await closeSlot(name, slot);
    const away = join(directory, `${trash}${encodeURIComponent(name)}-${process.pid}-${(uses += 1)}`);
    await rename(path(name), away);
    await rm(away, { recursive: true });
  };

  return {
    updates,
    names: () => [...known].sort(),
    has: (name) => known.has(name),
    async create(name) {
      if (known.has(name)) return false;
      known.add(name);
      await removals.get(name);
      await use(name, async () => {});
      updates.note(name, 'created');
      return true;
    },
    use,
    async wrote(open) {
      open.seq = (await open.pouch.info()).update_seq;
      updates.note(open.name, 'updated');
    },
    async remove(name) {
      if (!known.delete(name)) return false;
      updates.note(name, 'deleted');
      const removal = discard(name).finally(() => removals.delete(name));
      removals.set(name, removal);
      await removal;
      return true;
    },
    async compactAll() {
      for (const name of [...known]) await use(name, (open) => open.lock.write(() => open.pouch.compact()));
    },
    async close() {
      await Promise.all([...slots].map(([name, slot]) => closeSlot(name, slot)));
    }
  };
}
