import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { RunResult } from './run.ts';

/** `pouch`: with the devices' logs on real PouchDB. */
export type Job = { seed: number; steps: number; plant?: string; pouch?: boolean };

/** Runs jobs on all cores; `done` hears each result and says whether to go on. Results come in any order. */
export async function runAll(jobs: Iterable<Job>, done: (job: Job, result: RunResult) => boolean): Promise<void> {
  const queue = jobs[Symbol.iterator]();
  let isOver = false;

  const work = () =>
    new Promise<void>((resolve, reject) => {
      const worker = new Worker(new URL('./worker.ts', import.meta.url));
      const next = () => {
        const { value, done: isEmpty } = isOver ? { value: undefined, done: true } : queue.next();
        if (!isEmpty) return void worker.postMessage(value);
        void worker.terminate();
        resolve();
      };
      worker.on('message', ({ job, result }: { job: Job; result: RunResult }) => {
        if (!isOver && !done(job, result)) isOver = true;
        next();
      });
      worker.on('error', reject);
      next();
    });

  await Promise.all(Array.from({ length: availableParallelism() }, work));
}
