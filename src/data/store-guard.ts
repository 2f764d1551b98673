import { DeviceError } from './device-error.ts';
import type { Status } from './status.ts';
import { storageTrouble } from './storage-trouble.ts';

const roomBytes = 20 * 1024 * 1024;

/**
 * A full store takes small things again at once, with the pictures gone, and no browser tells how much room there is (Chromium names
 * ten gigabytes whatever the disk has): so that a person sees the words, they stand for a while after the last refusal.
 */
const fullForMs = 10 * 60_000;

export type StoreGuard = ReturnType<typeof createStoreGuard>;

/** Stands between writing and a store that is full or broken: pictures are let go before anything else. */
export function createStoreGuard(deps: {
  makeRoom(bytes: number): Promise<unknown>;
  now(): number;
  /** The state changed; resolves when that was told. */
  changed(): Promise<void>;
}) {
  let state: Status['storage'] = 'ok';
  let fullAt = -Infinity;

  async function makeRoomAfter(error: unknown): Promise<void> {
    if (storageTrouble(error) === 'full') await deps.makeRoom(roomBytes).catch(() => undefined);
  }

  async function note(error: unknown): Promise<void> {
    state = storageTrouble(error) ?? state;
    if (state === 'full') fullAt = deps.now();
    await deps.changed().catch(() => undefined);
  }

  /** What the store takes again says that its trouble is over; that of a full one not at once. */
  async function held<T>(work: () => Promise<T>): Promise<T> {
    const value = await work();
    if (state === 'broken' || (state === 'full' && deps.now() - fullAt >= fullForMs)) {
      state = 'ok';
      void deps.changed().catch(() => undefined);
    }
    return value;
  }

  return {
    state: () => state,

    /** What could not be stored of the hub's answers is fetched again by the next try. */
    async relieve(error: unknown): Promise<void> {
      await makeRoomAfter(error);
      await note(error);
    },

    /** A write that the store refuses is tried once more after pictures were let go; then it is said in words. */
    async stored<T>(work: () => Promise<T>): Promise<T> {
      try {
        return await held(work);
      } catch (error) {
        if (!storageTrouble(error)) throw error;
        await makeRoomAfter(error);
        try {
          const value = await work();
          await note(error); // it went well this time, and the person should know what it cost
          return value;
        } catch (again) {
          const trouble = storageTrouble(again);
          if (!trouble) throw again;
          await note(again);
          throw new DeviceError(`storage-${trouble}`);
        }
      }
    }
  };
}
