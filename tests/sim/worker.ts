import { parentPort } from 'node:worker_threads';
import type { Job } from './crew.ts';
import { runJob } from './job.ts';

parentPort!.on('message', (job: Job) => {
  void runJob(job).then((result) => parentPort!.postMessage({ job, result }));
});
