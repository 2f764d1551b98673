import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Bench } from '../kit.ts';
import type { Measured, Row } from '../row.ts';

type Year = { bytes: number; records: number; revisions: number; listings: number; rows: number };

/** Bytes of all files under a folder. */
async function bytesIn(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  // A file that is tidied away just now counts for nothing.
  const sizes = await Promise.all(
    files.map((file) =>
      stat(file).then(
        ({ size }) => size,
        () => 0
      )
    )
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** The browser tidies up behind the writes: what counts is where that comes to rest. */
async function restingBytes(folder: string): Promise<number> {
  for (let before = -1; ;) {
    const now = await bytesIn(folder);
    if (now === before) return now;
    before = now;
    await wait(2_000);
  }
}

async function measure(bench: Bench): Promise<Measured> {
  const days = bench.size(365);
  const front = await bench.front();
  const { folder, context, workers } = await bench.profile();
  const year = await (await workers(front, 'shipped'))<Year>('year', 'live', bench.seed, days);
  await context.close();
  // As a phone's browser does every day: what was written last is put in order when the databases are opened again.
  const next = await bench.profile({}, folder);
  const rows = await (await next.workers(front, 'shipped'))<number>('year', 'reopen');
  const used = await restingBytes(join(folder, 'Default', 'IndexedDB'));
  return {
    unit: '× live JSON',
    ours: [used / year.bytes],
    equal: year.rows === year.listings && rows === year.listings,
    checks: [{ what: 'storage, times live JSON', value: used / year.bytes, unit: '×', atMost: 4 }],
    notes: [
      `${year.records} records in ${year.revisions} revisions, ${(year.bytes / 1e6).toFixed(1)} MB of JSON still stand; log and tables take ${(used / 1e6).toFixed(1)} MB on disk. Pictures are apart.`
    ]
  };
}

export const year: Row = { id: 'B9', what: 'storage of a device after a year of 50 members', measure };
