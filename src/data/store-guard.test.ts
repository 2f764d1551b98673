import { beforeEach, describe, expect, it } from 'vitest';
import { createStoreGuard, type StoreGuard } from './store-guard.ts';

const megabyte = 1024 * 1024;
const quota = new DOMException('The quota has been exceeded.', 'QuotaExceededError');
const gone = new DOMException('The connection is closing.', 'InvalidStateError');

describe('a store that is full or broken', () => {
  let now: number;
  let letGo: number;
  let told: string[];
  let guard: StoreGuard;

  beforeEach(() => {
    now = 0;
    letGo = 0;
    told = [];
    guard = createStoreGuard({
      makeRoom: async (bytes) => (letGo += bytes),
      now: () => now,
      changed: async () => void told.push(guard.state())
    });
  });

  /** Fails so many times, then writes. */
  const write = (faults: unknown[] = []) =>
    guard.stored(async () => {
      if (faults.length > 0) throw faults.shift();
      return 'kept';
    });

  it('lets pictures go, keeps the words and says what it cost', async () => {
    expect(await write([quota])).toBe('kept');
    expect(letGo).toBe(20 * megabyte);
    expect(told).toEqual(['full']);
  });

  it('says so for ten minutes after the last refusal, however much is kept meanwhile', async () => {
    await write([quota]);
    for (let turn = 0; turn < 3; turn++) await write();
    now += 599_999;
    await write([quota]);
    now += 599_999;
    await write();
    expect(told).toEqual(['full', 'full']);
    now += 1;
    await write();
    expect(told).toEqual(['full', 'full', 'ok']);
  });

  it('of a broken store the next thing that is kept says that it is sound again', async () => {
    await expect(write([gone, gone])).rejects.toMatchObject({ code: 'storage-broken' });
    await write();
    expect(told).toEqual(['broken', 'ok']);
    expect(letGo).toBe(0);
  });

  it('says in words what it cannot keep at all, and passes on what is no trouble of the store', async () => {
    await expect(write([quota, quota])).rejects.toMatchObject({ code: 'storage-full' });
    await expect(write([new Error('something else')])).rejects.toThrow('something else');
    expect(told).toEqual(['full']);
  });
});
