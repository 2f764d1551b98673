import PouchDB from 'pouchdb';
import memoryAdapter from 'pouchdb-adapter-memory';
import type { AnyRecord } from '#domain/record.ts';
import { Neighbour, type Answer } from './neighbour.ts';

PouchDB.plugin(memoryAdapter);

export type Log = PouchDB.Database<object>;

/** A person signed in on one device, for tests that look at whatever the hub answers. */
export type Person = {
  readonly id: string;
  readonly login: string;
  readonly name: string;
  readonly cookie: string;
  call(method: string, path: string, body?: unknown): Promise<Answer>;
  /** A circle's database, or `me`, as a third party's PouchDB sees it. `send` replaces its fetch, to count or to lose requests. */
  remote(circle: string, send?: typeof fetch): Log;
  /** Writes records as they are and answers the rows that the hub refused. */
  write(circle: string, ...records: (AnyRecord | object)[]): Promise<{ id: string; error?: string }[]>;
  /** One record as the hub has it, null where there is none. */
  read<T = AnyRecord>(circle: string, id: string): Promise<T | null>;
};

/** The one that a person of these tests signs in with. */
export const passwordOf = ({ login }: Pick<Person, 'login'>) => `${login} lives in dorm 302`;

const neighbour = (url: string, login: string, name: string) => new Neighbour(url, login, name, passwordOf({ login }));

/** A new account, by the set-up link or by an invite. Throws what the hub said where it made none. */
export async function signUp(url: string, name: string, by: { setup: string } | { invite: string }): Promise<Person> {
  const person = neighbour(url, name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-'), name);
  await person.signUp(by);
  return personOf(person);
}

/** The same person on a further device. */
export async function signIn(url: string, { login, name }: Pick<Person, 'login' | 'name'>): Promise<Person> {
  const person = neighbour(url, login, name);
  await person.signIn();
  return personOf(person);
}

/** The same device where the proxy sends it to another hub of the same database. */
export const through = (url: string, { id, login, name, cookie }: Person): Person =>
  personOf(Object.assign(neighbour(url, login, name), { id, cookie }));

function personOf(person: Neighbour): Person {
  const { url, id, login, name, cookie } = person;
  return {
    id,
    login,
    name,
    cookie,
    call: (method, path, body) => person.ask(method, path, body),
    remote(circle, send = fetch) {
      const withCookie = (input: string | Request, init: RequestInit = {}) => {
        const headers = new Headers(init.headers);
        headers.set('cookie', cookie);
        return send(input, { ...init, headers });
      };
      return new PouchDB<object>(`${url}/db/${circle}`, { fetch: withCookie as never });
    },
    async write(circle, ...docs) {
      const rows = await person.call<{ id: string; error?: string }[]>('POST', `/db/${circle}/_bulk_docs`, { docs });
      return rows.filter(({ error }) => error);
    },
    async read<T>(circle: string, record: string) {
      const { status, body } = await person.ask('GET', `/db/${circle}/${encodeURIComponent(record)}`);
      return status === 200 ? (body as T) : null;
    }
  };
}

/** A circle and those who were named, in that order. */
export type Household<Names extends readonly string[]> = { circle: string; people: { [N in keyof Names]: Person } };

/** A circle and those who live in it. Its founder invites them; without one the first named sets the hub up and founds it. */
export async function moveIn<const Names extends readonly string[]>(
  url: string,
  { setup = '', founder, circle = '302', names }: { setup?: string; founder?: Person; circle?: string; names: Names }
): Promise<Household<Names>> {
  const first = founder ?? (await signUp(url, names[0]!, { setup }));
  const made = await first.call('POST', '/api/circles', { name: circle, circleKind: 'circle' });
  const id = made.body['id'] as string;
  const invite = await inviteTo(first, id, Math.max(1, names.length));
  const invited = await Promise.all(names.slice(founder ? 0 : 1).map((name) => signUp(url, name, { invite })));
  return { circle: id, people: (founder ? invited : [first, ...invited]) as never };
}

export async function inviteTo(person: Person, circle: string, uses = 1): Promise<string> {
  const { body } = await person.call('POST', `/api/circles/${circle}/invites`, { uses });
  return body['token'] as string;
}

let devices = 0;

/** An empty log on a device, in memory. */
export function emptyLog(): Log {
  return new PouchDB<object>(`device-${devices++}`, { adapter: 'memory' });
}
