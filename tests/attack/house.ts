import { connect } from 'node:net';
import { makeComment, type Comment } from '#domain/comment/comment.ts';
import { makeListing, type Listing } from '#domain/listing/listing.ts';
import type { HubEnv } from '#server/env.ts';
import { inviteTo, moveIn, signUp, type Person } from '../people.ts';
import { startHub, type TestHub } from '../start-hub.ts';
import type { TestStore } from '../start-store.ts';

export const now = '2026-03-01T12:00:00.000Z';

export type Sent = { body?: unknown; raw?: string | Uint8Array; headers?: Record<string, string> };
export type Got = { status: number; headers: Headers; text: string; json: Record<string, unknown> & unknown[] };

/** A hub with two circles: 302 of Zhou (steward), Lin and Mei, with something of Mei's in it, and 303 of Fang's. */
export type House = {
  store: TestStore;
  hub: TestHub;
  /** The id of 302, and its path. */
  circle: string;
  db: string;
  foreign: string;
  zhou: Person;
  lin: Person;
  mei: Person;
  fang: Person;
  meis: Comment;
  trousers: Listing;
  /** One request as this person, or as a stranger; nothing is added to what is sent but the cookie. */
  as(person: Person | null, method: string, path: string, sent?: Sent): Promise<Got>;
  /** Rows that were refused. */
  refused(person: Person, docs: readonly object[], newEdits?: boolean): Promise<{ id: string; error: string }[]>;
  /** All that the database holds of anybody, to compare before and after. */
  everything(): Promise<string>;
  stop(): Promise<void>;
};

export async function openHouse(startStore: () => Promise<TestStore>, env: Partial<HubEnv> = {}): Promise<House> {
  const store = await startStore();
  const hub = await startHub(store, env);
  const household = await moveIn(hub.url, { setup: hub.setup, names: ['Zhou', 'Lin', 'Mei'] });
  const [zhou, lin, mei] = household.people;
  const next = await moveIn(hub.url, { founder: zhou, circle: '303', names: [] });
  const fang = await signUp(hub.url, 'Fang', { invite: await inviteTo(zhou, next.circle) });
  const trousers = makeListing({ title: 'Trousers, size S' }, { author: mei.id, now, key: 'trousers' });
  const meis = makeComment({ subject: trousers._id, text: 'Never worn' }, { author: mei.id, now, key: 'hers' });
  await mei.write(household.circle, trousers, meis);

  const house: House = {
    store,
    hub,
    circle: household.circle,
    db: `/db/${household.circle}`,
    foreign: next.circle,
    zhou,
    lin,
    mei,
    fang,
    meis,
    trousers,
    async as(person, method, path, { body, raw, headers = {} } = {}) {
      const text = raw ?? (body === undefined ? undefined : JSON.stringify(body));
      const response = await fetch(hub.url + path, {
        method,
        headers: {
          ...(text === undefined ? {} : { 'content-type': 'application/json' }),
          ...(person ? { cookie: person.cookie } : {}),
          ...headers
        },
        body: text as string | undefined
      });
      const answered = await response.text();
      const isJson = response.headers.get('content-type')?.startsWith('application/json');
      return {
        status: response.status,
        headers: response.headers,
        text: answered,
        json: isJson && answered ? JSON.parse(answered) : {}
      };
    },
    async refused(person, docs, newEdits = true) {
      const { status, json } = await house.as(person, 'POST', `${house.db}/_bulk_docs`, {
        body: { docs, new_edits: newEdits }
      });
      if (status !== 201) throw new Error(`The batch was answered ${status}`);
      return (json as unknown as { id: string; error: string }[]).filter(({ error }) => error);
    },
    async everything() {
      const names = (await store.couch.list()).sort();
      const held = await Promise.all(
        names.map(async (name) => {
          const { rows } = await store.couch.database(name).allDocs({ includeDocs: true, conflicts: true });
          return [name, rows];
        })
      );
      return JSON.stringify(held, null, 1);
    },
    async stop() {
      await hub.stop();
      await store.stop();
    }
  };
  return house;
}

/** A comment of this person's. */
export const commentOf = ({ id }: Person, key: string, text = 'Are they sweet?'): Comment =>
  makeComment({ subject: `${id}:listing:thing`, text }, { author: id, now, key });

const silenceMs = 3_000;

/** What the hub answers to bytes sent as they are: `fetch` would tidy them first. Null where it only hangs up. */
export function sendRaw(url: string, bytes: string): Promise<{ status: number; answers: number; text: string } | null> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(bytes, 'latin1'));
    // A hub that neither answers nor hangs up has not seen the end of a request.
    socket.setTimeout(silenceMs, () => socket.destroy());
    socket.on('data', (chunk) => (text += chunk.toString('latin1')));
    socket.on('error', () => {});
    socket.on('close', () => {
      const heads = [...text.matchAll(/^HTTP\/1\.1 (\d{3})/gm)];
      resolve(heads[0] ? { status: Number(heads[0][1]), answers: heads.length, text } : null);
    });
  });
}

export const rawGet = (url: string, path: string, cookie = '') =>
  sendRaw(url, `GET ${path} HTTP/1.1\r\nhost: localhost\r\ncookie: ${cookie}\r\nconnection: close\r\n\r\n`);
