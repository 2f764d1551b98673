import { startCouch } from '../start-store.ts';

type Backend = { env: Record<string, string>; remove(): Promise<void> };

/** The store that the journeys' hubs stand on: their own, or under `npm run test:couch` a CouchDB under a fresh prefix. */
export async function startBackend(): Promise<Backend> {
  const url = process.env['JOURNEYS_ON_COUCHDB'];
  if (!url) return { env: {}, remove: async () => undefined };
  const { prefix, stop } = await startCouch(url);
  return { env: { COUCHDB_URL: url, COUCHDB_PREFIX: prefix }, remove: stop };
}
