import PouchDB from 'pouchdb';
import memoryAdapter from 'pouchdb-adapter-memory';
import type { AnyRecord } from '#domain/record.ts';

PouchDB.plugin(memoryAdapter);

export type Answer = { status: number; body: Record<string, unknown> };
export type Log = PouchDB.Database<object>;

/** A person of the cast, known to the hub and signed in on one device. All she does goes through the public surface. */
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

const passwordOf = (login: string) => `${login} lives in dorm 302`;

async function ask(
  url: string,
  method: string,
  path: string,
  body?: unknown,
  cookie = ''
): Promise<Answer & { cookie: string }> {
  const response = await fetch(url + path, {
    method,
    headers: { cookie, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    body: body === undefined ? undefined : JSON.stringify(body)
  });
  const text = await response.text();
  const [set = ''] = response.headers.getSetCookie();
  return { status: response.status, body: text ? JSON.parse(text) : {}, cookie: set.split(';')[0]! };
}

/** A new account, by the set-up link or by an invite. Throws what the hub said where it made none. */
export async function signUp(url: string, name: string, by: { setup: string } | { invite: string }): Promise<Person> {
  const login = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  const answer = await ask(url, 'POST', '/api/accounts', { login, name, password: passwordOf(login), ...by });
  if (answer.status !== 201) throw new Error(`No account for ${name}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return personOf(url, answer.body as { id: string }, { login, name, cookie: answer.cookie });
}

/** The same person on a further device. */
export async function signIn(url: string, { login, name }: Pick<Person, 'login' | 'name'>): Promise<Person> {
  const answer = await ask(url, 'POST', '/api/session', { login, password: passwordOf(login) });
  if (answer.status !== 200) throw new Error(`${name} cannot sign in: ${answer.status}`);
  return personOf(url, answer.body as { id: string }, { login, name, cookie: answer.cookie });
}

/** The same device where the proxy sends it to another hub of the same database. */
export const through = (url: string, person: Person): Person => personOf(url, person, person);

function personOf(url: string, { id }: { id: string }, who: Pick<Person, 'login' | 'name' | 'cookie'>): Person {
  const call: Person['call'] = (method, path, body) => ask(url, method, path, body, who.cookie);
  return {
    id,
    ...who,
    call,
    remote(circle, send = fetch) {
      const withCookie = (input: string | Request, init: RequestInit = {}) => {
        const headers = new Headers(init.headers);
        headers.set('cookie', who.cookie);
        return send(input, { ...init, headers });
      };
      return new PouchDB<object>(`${url}/db/${circle}`, { fetch: withCookie as never });
    },
    async write(circle, ...docs) {
      const { status, body } = await call('POST', `/db/${circle}/_bulk_docs`, { docs });
      if (status !== 201) throw new Error(`${who.name} could not write: ${status} ${JSON.stringify(body)}`);
      return (body as unknown as { id: string; error?: string }[]).filter(({ error }) => error);
    },
    async read<T>(circle: string, record: string) {
      const { status, body } = await call('GET', `/db/${circle}/${encodeURIComponent(record)}`);
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
