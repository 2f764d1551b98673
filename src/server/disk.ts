import { readdir, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Gauges } from './metrics.ts';

/** Walking a big directory is work; whoever asks every few seconds gets the same answer. */
const keptMs = 5 * 60_000;

/** What `HUB_DATA` holds and what its disk has left, looked at every five minutes at most. What cannot be read is left out. */
export function createDisk({ directory, clock }: { directory: string; clock: () => number }) {
  let known: { at: number; sizes: Promise<Gauges['disk']> } | null = null;

  async function look(): Promise<Gauges['disk']> {
    const [free, pictures, store] = await Promise.all([
      statfs(directory).then(({ bavail, bsize }) => bavail * bsize, unknown),
      bytesIn(join(directory, 'photos')).catch(unknown),
      bytesIn(join(directory, 'store')).catch(unknown)
    ]);
    const all = [
      { what: 'free' as const, bytes: free },
      { what: 'pictures' as const, bytes: pictures },
      { what: 'store' as const, bytes: store }
    ];
    return all.flatMap(({ what, bytes }) => (bytes === null ? [] : [{ what, bytes }]));
  }

  return (): Promise<Gauges['disk']> => {
    if (!known || clock() - known.at > keptMs) known = { at: clock(), sizes: look() };
    return known.sizes;
  };
}

const unknown = (): null => null;

async function bytesIn(directory: string): Promise<number> {
  let sum = 0;
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    // A file may go while one looks: the store tidies up all the time.
    if (entry.isDirectory()) sum += await bytesIn(path).catch(() => 0);
    else
      sum += await stat(path).then(
        ({ size }) => size,
        () => 0
      );
  }
  return sum;
}
