import type { Job } from './crew.ts';
import { plants } from './plants.ts';
import { run, type RunOptions, type RunResult } from './run.ts';

/** One run, with its fault and its logs. */
export async function runJob({ seed, steps, plant, pouch }: Job, more: Partial<RunOptions> = {}): Promise<RunResult> {
  const options: RunOptions = { seed, steps, plant: plant === undefined ? {} : plants[plant], ...more };
  if (!pouch) return run(options);
  const { createPouchShelves } = await import('./pouch-logs.ts');
  const { shelf, close } = createPouchShelves();
  return run({ ...options, shelf }).finally(close);
}
