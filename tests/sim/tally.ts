import type { RunResult } from './run.ts';

const summed = [
  'exchanges',
  'faulted',
  'claims',
  'waited',
  'withdrawn',
  'unconfirmed',
  'pictures',
  'crashes',
  'restarts',
  'restores'
] as const;

export type Tally = { seeds: number; steps: number } & Record<(typeof summed)[number], number>;

export const emptyTally = (): Tally => ({
  seeds: 0,
  steps: 0,
  ...(Object.fromEntries(summed.map((name) => [name, 0])) as Record<(typeof summed)[number], number>)
});

export function add(tally: Tally, result: RunResult): void {
  tally.seeds++;
  tally.steps += result.steps;
  for (const name of summed) tally[name] += result[name];
}

/** What two hundred steps bring about at the very least, on an average over some seeds; a quarter to a half of what they do. */
const least: Partial<Record<keyof Tally, number>> = {
  exchanges: 700,
  faulted: 80,
  claims: 6,
  waited: 3,
  withdrawn: 3,
  pictures: 3,
  crashes: 5,
  restarts: 1.5,
  restores: 0.05
};

/** Below this many seeds an average says nothing. */
const enoughSeeds = 10;

/** What happened too seldom for the run to have tried anything. */
export function thinIn(tally: Tally): string[] {
  if (tally.seeds < enoughSeeds) return [];
  return Object.entries(least).flatMap(([name, each]) => {
    const had = tally[name as keyof Tally];
    const wanted = (each * tally.steps) / 200;
    return had < wanted ? [`too little: ${name} ${had}, at least ${Math.ceil(wanted)} were to come`] : [];
  });
}
