import { setTimeout as wait } from 'node:timers/promises';
import type { Ask, Bench } from '../kit.ts';
import type { Measured, Row } from '../row.ts';

type Year = { bytes: number; records: number; revisions: number; listings: number; rows: number };

/** The browser tidies up behind the writes and when it is started: what counts is where that comes to rest. */
async function restingUsage(shipped: Ask): Promise<number> {
  for (let before = -1; ;) {
    const now = await shipped<number>('year', 'usage');
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
  const next = await bench.profile({}, folder);
  const used = await restingUsage(await next.workers(front, 'shipped'));
  return {
    unit: '× live JSON',
    ours: [used / year.bytes],
    equal: year.rows === year.listings,
    checks: [{ what: 'storage, times live JSON', value: used / year.bytes, unit: '×', atMost: 4 }],
    notes: [
      `${year.records} records in ${year.revisions} revisions, ${(year.bytes / 1e6).toFixed(1)} MB of JSON still stand; log and tables take ${(used / 1e6).toFixed(1)} MB, as the browser counts. Pictures are apart.`
    ]
  };
}

export const year: Row = { id: 'B9', what: 'storage of a device after a year of 50 members', measure };
