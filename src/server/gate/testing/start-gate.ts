import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startCouch, startStore, type TestStore } from '../../../../tests/start-store.ts';
import { createBell, type Ring } from '../../bell.ts';
import { createLimits } from '../../limits.ts';
import type { Role } from '../../membership.ts';
import { createGate, type Gate } from '../gate.ts';

/** A gate for tests: sessions are the name in the cookie, members are what the test says. */
export type TestGate = {
  url: string;
  gate: Gate;
  store: TestStore;
  rings: Ring[];
  /** `circle` → `person` → role. */
  members: Map<string, Map<string, Role>>;
  /** Whoever is in here is signed out. */
  ended: Set<string>;
  join(circle: string, person: string, role?: Role): void;
  as(person: string | null, method: string, path: string, init?: Sent): Promise<Answer>;
  stop(): Promise<void>;
};
export type Sent = { body?: unknown; raw?: string; headers?: Record<string, string> };
export type Answer = { status: number; headers: Headers; text: string; body: Record<string, unknown> & unknown[] };

export const origin = 'http://localhost:3000';

const couchUrl = process.env['COUCHDB_URL'];

/** What the tests of the gate stand in front of; CouchDB too where one is named. */
export const backends: { backend: string; startBackend: () => Promise<TestStore> }[] = [
  { backend: 'the embedded store', startBackend: startStore },
  ...(couchUrl ? [{ backend: 'couchdb', startBackend: () => startCouch(couchUrl) }] : [])
];

/** Says of a suite how many cases only CouchDB would have shown. */
export function tellNotRun(cases: number): void {
  if (!couchUrl) console.log(`NOT RUN: couchdb (${cases} cases)`);
}

export async function startGate({
  startBackend = startStore,
  limitFactor = 1_000,
  copies = 1
} = {}): Promise<TestGate> {
  const store = await startBackend();
  const members: TestGate['members'] = new Map();
  const ended = new Set<string>();
  const rings: Ring[] = [];
  const bell = createBell();
  bell.on((ring) => rings.push(ring));
  const personOf = (req: IncomingMessage) => /jujube_session=([\w-]+)/.exec(req.headers.cookie ?? '')?.[1];
  const gate = createGate({
    couch: store.couch,
    bell,
    origin,
    copies,
    log: { error: (fields, message) => console.error(message, fields) },
    metrics: { refused() {} },
    limits: createLimits({ clock: () => Date.now(), factor: limitFactor }),
    membership: { roleOf: async (circle, person) => members.get(circle)?.get(person) ?? null },
    sessions: {
      async find(req) {
        const person = personOf(req);
        return person === undefined || ended.has(person) ? null : { account: person, id: person };
      }
    }
  });
  const server = createServer({ keepAliveTimeout: 0 }, (req, res) => void gate.handle(req, res));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    gate,
    store,
    rings,
    members,
    ended,
    join(circle, person, role = 'member') {
      if (!members.has(circle)) members.set(circle, new Map());
      members.get(circle)!.set(person, role);
    },
    async as(person, method, path, { body, raw, headers = {} } = {}) {
      const text = raw ?? (body === undefined ? undefined : JSON.stringify(body));
      const sent = {
        ...(text === undefined ? {} : { 'content-type': 'application/json' }),
        ...(person ? { cookie: `jujube_session=${person}` } : {}),
        ...headers
      };
      const response = await fetch(`${url}${path}`, { method, headers: sent, body: text });
      const answered = await response.text();
      return {
        status: response.status,
        headers: response.headers,
        text: answered,
        body: answered ? JSON.parse(answered) : {}
      };
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await store.stop();
    }
  };
}
