import { randomBytes } from 'node:crypto';
import { cp, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startStore, type TestStore } from '../../tests/start-store.ts';
import { markRestored, openEra } from './era.ts';
import type { Stored } from './system.ts';

describe('the era', () => {
  let store: TestStore;
  let directory: string;

  beforeEach(async () => {
    begun = [];
    store = await startStore();
    await store.couch.ensure('system');
    directory = await mkdtemp(join(tmpdir(), 'jujube-era-'));
  });
  afterEach(async () => {
    await store.stop();
    await rm(directory, { recursive: true });
  });

  let begun: string[] = [];
  const start = (data = 'data') =>
    openEra({
      couch: store.couch,
      directory: join(directory, data),
      random: randomBytes,
      begin: async (era) => void begun.push(era)
    });

  it('stays the same over starts, and when the data directory is moved or lost', async () => {
    const era = await start();
    expect(await start()).toBe(era);
    await rename(join(directory, 'data'), join(directory, 'moved'));
    expect(await start('moved')).toBe(era);
    await rm(join(directory, 'moved'), { recursive: true });
    expect(await start('moved')).toBe(era);
    expect(begun).toEqual([]);
  });

  it('changes once when the database comes from a backup, and again when what belongs to that was cut off', async () => {
    const era = await start();
    await markRestored(store.couch, '2026-03-01T08:00:00.000Z');
    const cutOff = openEra({
      couch: store.couch,
      directory: join(directory, 'data'),
      random: randomBytes,
      begin: () => Promise.reject(new Error('The power went'))
    });
    await expect(cutOff).rejects.toThrow('The power went');
    const restored = await start();
    expect(restored).not.toBe(era);
    expect(await start()).toBe(restored);
    expect(begun).toEqual([restored]);
  });

  it('changes when the data directory is a copy', async () => {
    const era = await start();
    await cp(join(directory, 'data'), join(directory, 'backup'), { recursive: true, preserveTimestamps: true });
    const restored = await start('backup');
    expect(restored).not.toBe(era);
    expect(await start('backup')).toBe(restored);
  });

  it('changes when the database is older than the data directory', async () => {
    const era = await start();
    const system = store.couch.database('system');
    const yesterday = (await system.get<Stored<{ era: string; starts: number }>>('era'))!;
    await start();
    const today = (await system.get<Stored<object>>('era'))!;
    await system.put({ ...yesterday, _rev: today._rev } as { _id: string });
    const restored = await start();
    expect(restored).not.toBe(era);
    expect(await start()).toBe(restored);
  });
});
