import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AnyRecord } from '#domain/kinds.ts';
import { startHubProcess, type HubProcess } from '../hub-process.ts';
import { inviteTo, moveIn, type Person } from '../people.ts';
import { startCouch } from '../start-store.ts';
import { until } from '../until.ts';
import type { Bench } from './kit.ts';

/** A hub process of its own that goes away with the row; on the embedded store, or on the CouchDB of COUCHDB_URL. */
export type BenchHub = {
  process: HubProcess;
  /** Its own port. */
  readonly url: string;
  /** Where the app is to be opened: its own port, or what stands in front of it. */
  readonly origin: string;
  /** A circle of so many people, all with accounts. */
  neighbourhood(count: number): Promise<{ circle: string; people: Person[] }>;
  /** One more circle of these people. */
  foundWith(founder: Person, others: readonly Person[], name: string): Promise<string>;
  /** The store's own port, with credentials. */
  store(): Promise<string>;
  /** A database that only the store knows of. */
  makeDatabase(name: string): Promise<void>;
  /** Resolves when the notary has taken in everything that was written to the circle, the last of it a listing. */
  settled(circle: string): Promise<void>;
  /** Records through the gate, each by its author. */
  write(circle: string, people: readonly Person[], records: readonly AnyRecord[]): Promise<void>;
};

const couchUrl = process.env['COUCHDB_URL'];

// As large as a third party's import; the gate takes 8 MB.
const batch = 1_000;

export async function openHub(bench: Bench, env: Record<string, string> = {}): Promise<BenchHub> {
  const couch = couchUrl ? await startCouch(couchUrl) : null;
  const backend: Record<string, string> = couch ? { COUCHDB_URL: couch.url, COUCHDB_PREFIX: couch.prefix } : {};
  const process = await startHubProcess({ HUB_LIMITS: '10000', ...backend, ...env });
  bench.onClose(async () => {
    await process.remove();
    await couch?.stop();
  });

  const prefix = couch?.prefix ?? 'jujube-';
  const store = async () =>
    couch?.url ?? (JSON.parse(await readFile(join(process.data, 'store.json'), 'utf8')) as { url: string }).url;

  const atStore = async (method: string, path: string) => {
    const { origin, username, password } = new URL(await store());
    const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    return fetch(`${origin}/${path}`, { method, headers: { authorization } });
  };

  return {
    process,
    url: process.url,
    origin: env['ORIGIN'] ?? process.url,
    store,
    async neighbourhood(count) {
      const names = [
        'Zhou',
        ...Array.from({ length: count - 1 }, (_, index) => `302-${String(index + 1).padStart(2, '0')}`)
      ];
      return moveIn(process.url, { setup: process.setUpToken, names });
    },
    async foundWith(founder, others, name) {
      const { body } = await founder.call('POST', '/api/circles', { name, circleKind: 'circle' });
      const circle = body['id'] as string;
      const token = await inviteTo(founder, circle, others.length);
      for (const person of others) {
        const { status } = await person.call('POST', `/api/invites/${token}/accept`);
        if (status !== 200) throw new Error(`${person.name} could not join: ${status}`);
      }
      return circle;
    },
    async makeDatabase(name) {
      bench.onClose(() => atStore('DELETE', name));
      const answer = await atStore('PUT', name);
      if (!answer.ok) throw new Error(`The store made no ${name}: ${answer.status} ${await answer.text()}`);
    },
    async settled(circle) {
      const database = `${prefix}c-${circle}`;
      await until('the notary has read everything', async () => {
        const { update_seq } = (await (await atStore('GET', database)).json()) as { update_seq: string };
        const place = (await (await atStore('GET', `${database}/_local/notary`)).json()) as { since?: string };
        return place.since === update_seq;
      });
    },
    async write(circle, people, records) {
      const byAuthor = Map.groupBy(records, ({ _id }) => _id.slice(0, _id.indexOf(':')));
      for (const [author, own] of byAuthor) {
        const person = people.find(({ id }) => id === author);
        if (!person) throw new Error(`Nobody is ${author}`);
        for (let at = 0; at < own.length; at += batch) {
          const [refused] = await person.write(circle, ...own.slice(at, at + batch));
          if (refused) throw new Error(`${refused.id} was refused: ${refused.error}`);
        }
      }
    }
  };
}
