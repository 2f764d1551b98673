import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, TestRunner } from 'vitest';
import type { HubEnv } from '#server/env.ts';
import { createHub } from '#server/hub.ts';
import { startHubProcess, type HubProcess } from './hub-process.ts';
import { startCouch, startStore, type TestStore } from './start-store.ts';

export type TestHub = {
  readonly url: string;
  /** The token of the set-up link, while there is no account. */
  readonly setup: string;
  /** As Ctrl-C does; the store stays. */
  stop(): Promise<void>;
};

const silent = () => {};

/** A hub in this process, on a port of its own. Several on one store are as several processes in front of one CouchDB. */
export async function startHub(store: TestStore, env: Partial<HubEnv> = {}): Promise<TestHub> {
  const data = await mkdtemp(join(tmpdir(), 'jujube-hub-'));
  const server = createServer((req, res) => hub.handle(req, res));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const hub = await createHub({
    env: {
      port,
      host: '127.0.0.1',
      origin: url,
      data,
      couchUrl: null,
      couchPrefix: store.prefix,
      couchProxySecret: null,
      notary: true,
      open: false,
      limits: 1_000,
      metricsToken: null,
      ...env
    },
    couch: store.couch,
    clock: Date.now,
    random: (size) => new Uint8Array(randomBytes(size)),
    log: { debug: silent, info: silent, error: (fields, message) => console.error(message, fields) }
  });
  return {
    url,
    get setup() {
      return hub.setupToken ?? '';
    },
    async stop() {
      await hub.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(data, { recursive: true });
    }
  };
}

const couchUrl = process.env['COUCHDB_URL'];

/** The same cases on the embedded store and, where COUCHDB_URL names one, on CouchDB; says how many were not run there. */
export function onEveryBackend(what: string, cases: (start: () => Promise<TestStore>) => void): void {
  describeEach(what, startStore, startCouch, cases);
}

/** The same for a hub that is a process of its own, to be killed. */
export function onEveryBackendAsProcess(
  what: string,
  cases: (start: () => Promise<HubProcess>) => void,
  env: Record<string, string> = {}
): void {
  const onCouch = async (url: string): Promise<HubProcess> => {
    const { prefix, stop } = await startCouch(url);
    const hub = await startHubProcess({ ...env, COUCHDB_URL: url, COUCHDB_PREFIX: prefix });
    const { remove } = hub;
    hub.remove = async () => {
      await remove();
      await stop();
    };
    return hub;
  };
  describeEach(what, () => startHubProcess({ ...env, COUCHDB_URL: '' }), onCouch, cases);
}

function describeEach<T>(
  what: string,
  onEmbedded: () => Promise<T>,
  onCouch: (url: string) => Promise<T>,
  cases: (start: () => Promise<T>) => void
): void {
  describe(`${what}, on the embedded store`, () => {
    cases(onEmbedded);
    const notRun = TestRunner.getCurrentSuite().tasks.length;
    if (!couchUrl) afterAll(() => console.log(`NOT RUN: couchdb (${notRun} cases)`));
  });
  if (couchUrl) describe(`${what}, on CouchDB`, () => cases(() => onCouch(couchUrl)));
}
