import { step } from './acts.ts';
import { judge } from './verdict.ts';
import { createWorld, type WorldOptions } from './world.ts';

export type RunOptions = WorldOptions & {
  steps: number;
};

export type RunResult = {
  seed: number;
  steps: number;
  exchanges: number;
  faulted: number;
  claims: number;
  waited: number;
  withdrawn: number;
  unconfirmed: number;
  pictures: number;
  crashes: number;
  restarts: number;
  restores: number;
  calmExchanges: number;
  faults: string[];
};

/** One life of a few people, their phones and a hub, drawn from a seed; what went wrong stands in `faults`. */
export async function run(options: RunOptions): Promise<RunResult> {
  const { seed, steps } = options;
  const world = createWorld(options);
  const { time, chance, ledger, count } = world;
  try {
    await world.furnish();
    await time.runUntil(time.now() + 3_000);
    for (let done = 0; done < steps && ledger.faults.length === 0; done++) {
      world.tell(step(world), done);
      await world.pass(chance.between(50, chance.happens(0.1) ? 20_000 : 2_500));
    }
    if (ledger.faults.length === 0) await world.calm();
    if (ledger.faults.length === 0) await judge(world);
  } catch (error) {
    ledger.fault(`the run itself failed: ${String((error as Error).stack)}`);
  }
  const { seen, faults } = ledger;
  return {
    seed,
    steps,
    ...count,
    claims: seen.given.size,
    waited: seen.waited.size,
    withdrawn: seen.withdrawn.size,
    unconfirmed: seen.unconfirmed.size,
    pictures: world.pictured.length,
    faults
  };
}
