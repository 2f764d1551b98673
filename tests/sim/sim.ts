import { parseArgs } from 'node:util';
import { runAll, type Job } from './crew.ts';
import { runJob } from './job.ts';
import { plantNames } from './plants.ts';
import { add, emptyTally, thinIn } from './tally.ts';

const help = `npm run -s sim -- [options]

The lives of three to six people, their three to eight devices and a hub, each drawn from a seed: bad lines, crashes,
two tabs, a hub that is killed, or becomes what its last backup says, members who come and go. The parts that ship run
on a clock and a random source of the simulation's own; after two hundred steps and two minutes of calm the invariants
of tests/sim/verdict.ts must hold.

  --seeds N      how many seeds (1000)
  --seed S       the first of them (1); alone: that one seed, told step by step
  --steps N      steps each (200)
  --pouch N      so many of them again with the devices' logs on real PouchDB (one in twenty); with one seed told: that one
  --plant NAME   with this fault planted; it must be found
  --plants N     only the first N of the faults are planted (all)
  --json         a last line {"seeds","steps","exchanges","claims","crashes","pouch","failed":[],"seconds","planted":{}}
  --help

"planted" names, for each fault, the number of the seed that found it (0: none within the first 200), each tried without
the others. "failed" names seeds that failed with nothing planted ("pouch 7": seed 7 on PouchDB), and whatever happened too
seldom for the run to mean anything. "pouch" is how many seeds ran on PouchDB.
Faults to plant: ${plantNames.join(', ')}
`;

/** A planted fault that so many seeds do not find is one that the simulation cannot see. */
const seedsForPlant = 200;

const { values } = parseArgs({
  options: {
    seeds: { type: 'string' },
    seed: { type: 'string' },
    steps: { type: 'string', default: '200' },
    plant: { type: 'string' },
    plants: { type: 'string' },
    pouch: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false }
  }
});
const { plant, json } = values;
const steps = Number(values.steps);
const plants = values.plants === undefined ? plantNames.length : Number(values.plants);
const first = Number(values.seed ?? 1);
const count = Number(values.seeds ?? (values.seed === undefined ? 1_000 : 1));
/** PouchDB's own time is most of such a run. */
const onPouch = Number(values.pouch ?? Math.floor(count / 20));

/** A run of "NaN" seeds would try nothing and pass. */
const noNumber = (['seeds', 'seed', 'steps', 'plants', 'pouch'] as const).find(
  (name) => values[name] !== undefined && !/^\d+$/.test(values[name])
);

if (values.help) console.log(help);
else if (noNumber !== undefined) fail(`--${noNumber} takes a number, not ${values[noNumber]}. ${help}`);
else if (plant !== undefined && !plantNames.includes(plant)) fail(`There is no fault ${plant}. ${help}`);
else if (values.seed !== undefined && values.seeds === undefined && !json) await tellOne();
else await runMany();

function fail(text: string): void {
  console.error(text);
  process.exitCode = 1;
}

async function tellOne(): Promise<void> {
  const { faults, ...counts } = await runJob({ seed: first, steps, plant, pouch: onPouch > 0 }, { trace: console.log });
  console.log(JSON.stringify(counts));
  for (const fault of faults) console.log(`✗ ${fault}`);
  if (faults.length > 0) fail(`Seed ${first} failed`);
}

async function runMany(): Promise<void> {
  const startedAt = performance.now();
  const tally = emptyTally();
  const failed: (number | string)[] = [];
  if (plant === undefined) {
    await runAll(jobs(count, first), (job, result) => {
      add(tally, result);
      if (result.faults.length > 0) tellFailed(job, result.faults, failed);
      if (!json && tally.seeds % 50 === 0) console.log(`${tally.seeds} seeds, ${failed.length} failed`);
      return true;
    });
    failed.push(...thinIn(tally));
    await runAll(jobs(onPouch, first, undefined, true), (job, { faults }) => {
      if (faults.length > 0) tellFailed(job, faults, failed);
      return true;
    });
    if (!json)
      console.log(`${onPouch} of them on PouchDB, ${failed.filter((one) => /^pouch/.test(`${one}`)).length} failed`);
  }
  const planted: Record<string, number> = {};
  for (const name of plant === undefined ? plantNames.slice(0, plants) : [plant]) planted[name] = await findPlant(name);
  const lost = Object.keys(planted).filter((name) => planted[name] === 0);
  const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
  console.log(JSON.stringify({ ...tally, pouch: plant === undefined ? onPouch : 0, failed, seconds, planted }));
  if (failed.length + lost.length > 0) process.exitCode = 1;
  for (const name of lost) console.error(`The planted fault ${name} was not found`);
}

function* jobs(many: number, from: number, plant?: string, pouch = false): Generator<Job> {
  for (let seed = from; seed < from + many; seed++) yield { seed, steps, plant, pouch };
}

function tellFailed({ seed, pouch }: Job, faults: string[], failed: (number | string)[]): void {
  failed.push(pouch ? `pouch ${seed}` : seed);
  console.error(`Seed ${seed} failed (npm run -s sim -- --seed ${seed}${pouch ? ' --pouch 1' : ''}):`);
  for (const fault of faults.slice(0, 5)) console.error(`  ${fault.slice(0, 400)}`);
}

async function findPlant(name: string): Promise<number> {
  let found = 0;
  await runAll(jobs(Math.max(plant === undefined ? 0 : count, seedsForPlant), first, name), ({ seed }, { faults }) => {
    if (faults.length > 0) found = seed;
    return found === 0;
  });
  if (!json) console.log(`${name}: ${found === 0 ? 'not found' : `found by seed ${found}`}`);
  return found;
}
