import { randomBytes } from 'node:crypto';
import { connectCouch } from '#server/couch.ts';

type Backend = { env: Record<string, string>; remove(): Promise<void> };

/** The store that the journeys' hubs stand on: their own, or under `npm run test:couch` a CouchDB under a fresh prefix. */
export async function startBackend(): Promise<Backend> {
  const url = process.env['JOURNEYS_ON_COUCHDB'];
  if (!url) return { env: {}, remove: async () => undefined };
  const prefix = `jujube-test-${randomBytes(4).toString('hex')}-`;
  return {
    env: { COUCHDB_URL: url, COUCHDB_PREFIX: prefix },
    async remove() {
      const couch = connectCouch({ url, prefix });
      for (const name of await couch.list()) await couch.database(name).destroy();
    }
  };
}
