import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectCouch, type Couch } from '#server/couch.ts';
import { openDatabases } from '#server/embedded/databases.ts';
import { createStoreServer } from '#server/embedded/server.ts';

export type TestStore = { couch: Couch; url: string; prefix: string; stop(): Promise<void> };

/** A fresh prefix, so that tests side by side never meet. */
export const freshPrefix = () => `jujube-test-${randomBytes(4).toString('hex')}-`;

/** The embedded store in this process, on a directory that goes away again. */
export async function startStore(): Promise<TestStore> {
  const directory = await mkdtemp(join(tmpdir(), 'jujube-store-'));
  const databases = await openDatabases(directory);
  const server = createStoreServer(databases, 'hub', 'secret');
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://hub:secret@127.0.0.1:${(server.address() as AddressInfo).port}`;
  const prefix = freshPrefix();
  return {
    couch: connectCouch({ url, prefix }),
    url,
    prefix,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await databases.close();
      await rm(directory, { recursive: true });
    }
  };
}

/** CouchDB under a fresh prefix, whose databases go away again. */
export async function startCouch(url: string): Promise<TestStore> {
  const prefix = freshPrefix();
  const couch = connectCouch({ url, prefix });
  return {
    couch,
    url,
    prefix,
    async stop() {
      for (const name of await couch.list()) await couch.database(name).destroy();
    }
  };
}
