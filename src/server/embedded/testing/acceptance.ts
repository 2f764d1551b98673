import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { connectCouch, type Couch } from '../../couch.ts';
import { documentCases } from './document-cases.ts';
import { feedCases } from './feed-cases.ts';
import { listCases } from './list-cases.ts';
import type { StoreCase } from './store-case.ts';

/** What the hub needs of its database, told over plain HTTP: the embedded store passes it, and so does CouchDB. */
export const storeCases: readonly StoreCase[] = [...documentCases, ...listCases];

type Backend = { url: string; fetch?: typeof fetch; stop(): Promise<void> };

/** Runs the suite on a backend that is started for it; each case has a database of its own. */
export function acceptStore(
  title: string,
  start: () => Promise<Backend>,
  cases: readonly StoreCase[] = [...storeCases, ...feedCases]
): void {
  describe(title, () => {
    let backend: Backend;
    let couch: Couch;
    beforeAll(async () => {
      backend = await start();
      couch = connectCouch({
        url: backend.url,
        fetch: backend.fetch,
        prefix: `jujube-test-${randomBytes(4).toString('hex')}-`
      });
    }, 30_000);
    afterAll(async () => {
      for (const name of await couch.list()) await couch.database(name).destroy();
      await backend.stop();
    });
    it.each(cases.map(([name, check], index) => ({ name, check, index })))('$name', async ({ check, index }) => {
      await check({ couch, db: await couch.ensure(`case-${index}`) });
    });
  });
}
