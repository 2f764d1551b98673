import type { Job } from './crew.ts';
import { plants } from './plants.ts';
import { run, type RunOptions, type RunResult } from './world.ts';

/** One run, with its fault. */
export function runJob({ seed, steps, plant }: Job, more: Partial<RunOptions> = {}): Promise<RunResult> {
  return run({ seed, steps, plant: plant === undefined ? {} : plants[plant], ...more });
}
