import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brokenBy, changeOver } from './backup/changeover.ts';
import { connectCouch, type Couch } from './couch.ts';
import { startEmbedded, type EmbeddedLog } from './embedded/supervise.ts';
import type { HubEnv } from './env.ts';

export type OpenDatabase = {
  couch: Couch;
  close(): Promise<void>;
  /** How often the embedded store ended and was started again; left out where there is none. */
  restarts?: () => number;
};

type DatabaseEnv = Pick<HubEnv, 'data' | 'couchUrl' | 'couchPrefix'>;

/** How long a CouchDB that starts beside the hub may take, and how often it is asked. */
const patienceMs = 30_000;
const askEveryMs = 500;

const storeFile = (data: string): string => join(data, 'store.json');

/**
 * Opens what the settings name: a CouchDB, or the embedded store as a child of this process. The store's address is left in `HUB_DATA`
 * for the command line, readable by the hub's own user alone. Rejects with a sentence for the operator.
 */
export async function openDatabase(env: DatabaseEnv, log: EmbeddedLog): Promise<OpenDatabase> {
  await changeOver(env.data);
  const broken = await brokenBy(env.data);
  if (broken) throw new Error(broken);
  if (env.couchUrl) {
    const couch = connectCouch({ url: env.couchUrl, prefix: env.couchPrefix });
    await untilUp(couch);
    return { couch, close: async () => undefined };
  }
  const directory = join(env.data, 'store');
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const store = await startEmbedded({ directory, log });
  await rm(storeFile(env.data), { force: true });
  await writeFile(storeFile(env.data), JSON.stringify({ url: store.url }), { mode: 0o600 });
  await chmod(storeFile(env.data), 0o600);
  return {
    couch: connectCouch({ url: store.url, prefix: env.couchPrefix }),
    restarts: () => store.restarts,
    async close() {
      await rm(storeFile(env.data), { force: true });
      await store.stop();
    }
  };
}

/** For the command line: the store of a hub that is running on the same data, else one of its own. */
export async function joinDatabase(env: DatabaseEnv, log: EmbeddedLog): Promise<OpenDatabase> {
  if (!env.couchUrl) {
    const couch = await runningStore(env);
    if (couch) return { couch, close: async () => undefined };
    if (!existsSync(join(env.data, 'store')))
      throw new Error(`No hub has its data in ${env.data}. Set HUB_DATA as for the hub.`);
  }
  return openDatabase(env, log);
}

/** The store of a hub that is running on this data, or null. */
export async function runningStore(env: Pick<DatabaseEnv, 'data' | 'couchPrefix'>): Promise<Couch | null> {
  const text = await readFile(storeFile(env.data), 'utf8').catch(() => null);
  const couch = text && connectCouch({ url: (JSON.parse(text) as { url: string }).url, prefix: env.couchPrefix });
  return couch && (await couch.up()) ? couch : null;
}

/** Waits for a CouchDB that starts beside the hub; rejects with a sentence for the operator. */
export async function untilUp(couch: Couch): Promise<void> {
  for (const until = Date.now() + patienceMs; Date.now() < until;) {
    if (await couch.up()) return;
    await new Promise((resolve) => setTimeout(resolve, askEveryMs));
  }
  throw new Error(
    `The CouchDB of COUCHDB_URL did not answer for ${patienceMs / 1000} s. Check that it runs and the address.`
  );
}
