import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import type { AnyRecord } from '#domain/record.ts';
import { root } from '../../scripts/ground.js';

type Ways = {
  /** Hears of each record that the device has taken. */
  kept?: (id: string) => void;
  /** The folder of the version whose build this page runs. */
  version?: string;
};

/** Writes records as the app's screens do: by its own worker, in one more of the phone's tabs as it were. */
export async function writeAll(
  page: Page,
  circle: string,
  records: AnyRecord[],
  { kept, version = root }: Ways = {}
): Promise<void> {
  const workers = join(version, 'build', 'client', '_app', 'immutable', 'workers');
  const script = readdirSync(workers).find((name) => /^worker-.*\.js$/.test(name))!;
  await page.exposeFunction('tellKept', kept ?? (() => undefined));
  await page.evaluate(
    async ({ script, circle, records }) => {
      const worker = new Worker(`/_app/immutable/workers/${script}`, { type: 'module' });
      const answer = (type: string) =>
        new Promise<void>((done, fail) => {
          worker.onmessage = ({ data }) => {
            if (data.type !== type) return;
            if (data.fault) fail(new Error(data.fault.code));
            else done();
          };
        });
      worker.postMessage({ type: 'open', me: JSON.parse(localStorage.getItem('jujube:me')!) });
      await answer('open');
      for (const [number, record] of records.entries()) {
        worker.postMessage({ type: 'ask', number, op: 'write', args: [circle, record] });
        await answer('answer');
        await (window as never as { tellKept(id: string): Promise<void> }).tellKept(record._id);
      }
      worker.postMessage({ type: 'close' });
      await answer('closed');
      worker.terminate();
    },
    { script, circle, records }
  );
}
