import { statfs } from 'node:fs/promises';
import type { Couch } from '../couch.ts';
import { fault, note, type Finding } from './finding.ts';

/** A store that runs out of room stops taking writes; this is a few weeks of a lively hub. */
const leastFreeBytes = 1024 ** 3;
/** Clocks that follow the network are within fractions of a second. */
const clockToleranceMs = 5_000;

/** Room on the disk of `HUB_DATA`, and the clock beside that of the database. */
export async function* examineMachine(couch: Couch, data: string, clock: () => number): AsyncGenerator<Finding> {
  const disk = await statfs(data).catch(() => null);
  if (disk) {
    const free = disk.bavail * disk.bsize;
    const sentence = `${(free / 1024 ** 3).toFixed(1)} GB are free on the disk of ${data}.`;
    yield free < leastFreeBytes
      ? fault(`${sentence} Make room before the hub stops taking what people write.`)
      : note(sentence);
  }
  const response = await couch.request('GET', []);
  await response.body?.cancel();
  const theirs = Date.parse(response.headers.get('date') ?? '');
  // The header counts whole seconds.
  const apart = Math.abs(clock() - theirs - 500);
  if (apart > clockToleranceMs)
    yield fault(
      `This machine’s clock and the database’s are ${Math.round(apart / 1000)} s apart. Let both follow the network.`
    );
}
