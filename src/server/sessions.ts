import type { IncomingMessage } from 'node:http';
import { isAccountId } from '#domain/id.ts';
import type { Couch } from './couch.ts';
import { drawSecret, secretHash, type Random } from './draw.ts';
import { createDocument, deleteDocument, documentsWith, systemName, updateDocument, type Stored } from './system.ts';

/** Who is asking. `id` names the session without giving it away (it is the hash kept at rest). */
export type Session = { account: string; id: string };

export type SessionInfo = { id: string; device: string; createdAt: string; seenAt: string };

export type Sessions = {
  /** The session of the request's `jujube_session` cookie, or null when there is none, it has ended or is over. */
  find(req: IncomingMessage): Promise<Session | null>;
  /** Remembers that this session listens at the doorbell; written once. */
  listens(session: Session): Promise<void>;
  /** Makes a session, on disk before it resolves; `cookie` is the whole `Set-Cookie` value. */
  start(account: string, device: string): Promise<{ session: Session; cookie: string }>;
  /** The request's own cookie once more with all its days, so that a browser keeps it for as long as the hub does. */
  renewed(req: IncomingMessage): string | null;
  list(account: string): Promise<SessionInfo[]>;
  /** Ends one of the account's sessions; false when it has none of that id. */
  end(account: string, id: string): Promise<boolean>;
  /** Ends all of the account's sessions but `except`. */
  endAll(account: string, except?: string): Promise<void>;
  /** Deletes those that are over; answers how many. */
  sweep(): Promise<number>;
  /** The `Set-Cookie` value that takes the cookie away. */
  readonly clearing: string;
};

const sessionCookie = 'jujube_session';

const dayMs = 86_400_000;
const lifeMs = 90 * dayMs;
/** `seenAt` is written at most this often, so that reading costs no writes: a dozen a day, for "seen in the last day" to mean it. */
export const seenEveryMs = dayMs / 12;
/** With several hubs a session ended at one is found dead by the others after this long. */
const cachedMs = 30_000;
const cachedSessions = 20_000;
const deviceLength = 200;

/** `listens`: it has listened at the doorbell, so it is a device of ours. `returned`: what it handed back after a restore (homecoming.ts). */
export type SessionDocument = {
  account: string;
  device: string;
  createdAt: string;
  seenAt: string;
  listens?: true;
  returned?: { era: string; from: string[] };
};
type Cached = { session: Session; overAt: number; readAt: number; listens: boolean };

/** The document of a session, in `system`. */
export const sessionId = ({ account, id }: Session): string => `session:${account}:${id}`;

/** The cookie holds the account and 256 random bits; the document's id their SHA-256, so a stolen database signs nobody in. */
export function createSessions(deps: { couch: Couch; clock: () => number; random: Random; origin: string }): Sessions {
  const { clock, random } = deps;
  const system = deps.couch.database(systemName);
  const secure = deps.origin.startsWith('https:') ? '; Secure' : '';
  const cookieOf = (value: string, seconds: number) =>
    `${sessionCookie}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${seconds}${secure}`;
  const cache = new Map<string, Cached>();
  // Raised whenever a session ends, so that one that was being read just then is not cached as alive.
  let endings = 0;

  async function read(id: string): Promise<Cached | null> {
    const now = clock();
    const known = cache.get(id);
    if (known && now - known.readAt < cachedMs) return known;
    const before = endings;
    const stored = await system.get<Stored<SessionDocument>>(id);
    const overAt = stored ? Date.parse(stored.seenAt) + lifeMs : 0;
    if (!stored || overAt <= now) return null;
    if (now - Date.parse(stored.seenAt) > seenEveryMs) await touch(id, now);
    const cached = {
      session: { account: stored.account, id: hashOf(id) },
      overAt,
      readAt: now,
      listens: !!stored.listens
    };
    if (endings === before) remember(id, cached);
    return cached;
  }

  const touch = (id: string, now: number) =>
    updateDocument<SessionDocument>(
      system,
      id,
      (before) => before && { ...before, seenAt: new Date(now).toISOString() }
    );

  function remember(id: string, cached: Cached): void {
    cache.delete(id);
    cache.set(id, cached);
    if (cache.size > cachedSessions) cache.delete(cache.keys().next().value!);
  }

  async function end(id: string): Promise<boolean> {
    const ended = await deleteDocument(system, id);
    endings++;
    cache.delete(id);
    return ended;
  }

  return {
    async find(req) {
      const value = cookieValue(req);
      const id = value && documentId(value);
      if (!id) return null;
      const cached = await read(id);
      return cached && cached.overAt > clock() ? cached.session : null;
    },
    async listens(session) {
      const id = sessionId(session);
      const known = cache.get(id);
      if (known?.listens) return;
      await updateDocument<SessionDocument>(system, id, (before) => before && { ...before, listens: true });
      if (known) known.listens = true;
    },
    async start(account, device) {
      const value = `${account}.${drawSecret(random, 32)}`;
      const id = documentId(value)!;
      const now = new Date(clock()).toISOString();
      const document = { _id: id, account, device: device.slice(0, deviceLength), createdAt: now, seenAt: now };
      if (!(await createDocument(system, document))) throw new Error('The random source repeats itself');
      return { session: { account, id: hashOf(id) }, cookie: cookieOf(value, lifeMs / 1000) };
    },
    renewed(req) {
      const value = cookieValue(req);
      return value && documentId(value) ? cookieOf(value, lifeMs / 1000) : null;
    },
    async list(account) {
      const documents = await documentsWith<SessionDocument>(system, `session:${account}:`);
      return documents
        .filter(({ seenAt }) => Date.parse(seenAt) + lifeMs > clock())
        .map(({ _id, device, createdAt, seenAt }) => ({ id: hashOf(_id), device, createdAt, seenAt }))
        .sort((a, b) => (a.seenAt < b.seenAt ? 1 : -1));
    },
    end: (account, id) => end(`session:${account}:${id}`),
    async endAll(account, except) {
      for (const { _id } of await documentsWith(system, `session:${account}:`)) {
        if (hashOf(_id) !== except) await end(_id);
      }
    },
    async sweep() {
      const documents = await documentsWith<SessionDocument>(system, 'session:');
      const over = documents.filter(({ seenAt }) => Date.parse(seenAt) + lifeMs <= clock());
      for (const { _id } of over) await end(_id);
      return over.length;
    },
    clearing: cookieOf('', 0)
  };
}

/** The document's id for a cookie's value, null for a value that the hub never gave. */
function documentId(value: string): string | null {
  const [, account, secret] = /^([^.]+)\.([\w-]{43})$/.exec(value) ?? [];
  return account && secret && isAccountId(account) ? `session:${account}:${secretHash(secret)}` : null;
}

const hashOf = (id: string): string => id.slice(id.lastIndexOf(':') + 1);

function cookieValue(req: IncomingMessage): string | null {
  for (const part of (req.headers.cookie ?? '').split(';')) {
    const [name, value] = part.trim().split('=', 2);
    if (name === sessionCookie && value) return value;
  }
  return null;
}
