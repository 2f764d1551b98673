import { createHmac } from 'node:crypto';
import type { Bell } from './bell.ts';
import type { Couch } from './couch.ts';
import type { Database } from './couch-database.ts';
import { CouchError } from './couch-error.ts';
import { memberPrefix, type Member } from './membership.ts';
import { createSerial } from './serial.ts';
import { documentsWith } from './system.ts';

/** CouchDB's own check behind the gate's: it sees the person, lets her into what is hers, and into no record of another's. */
export type SecondLock = {
  /** The database as this person, with the lock on it. */
  open(name: string, person: string): Promise<Database>;
};

const lockId = '_design/jujube-second-lock';

/** Databases known to have the lock, and whom it lets in. */
const rememberedDatabases = 10_000;

/**
 * R1 in CouchDB's own hands: the id's author is who writes. It goes by the name alone. The proxy's token signs the name and nothing
 * else, so that whoever has one token could send any roles beside it: the hub sends none, and neither this nor `_security` grants
 * anything to a role that a person could have.
 */
export const lockSource = (hub: string): string => `function (newDoc, oldDoc, userCtx) {
  if (userCtx.name === ${JSON.stringify(hub)}) return;
  if (userCtx.name !== newDoc._id.split(':')[0]) throw { forbidden: 'not-yours: Only its author may write this record.' };
}`;

/** What proves a name to CouchDB's `proxy_authentication_handler`. */
export const proxyCredentials = (secret: string, person: string): Record<string, string> => ({
  'x-auth-couchdb-username': person,
  'x-auth-couchdb-token': createHmac('sha256', secret).update(person).digest('hex')
});

/** Rejects with a sentence for the operator where CouchDB is not set up for it, or takes anybody for whom they say they are. */
export async function openSecondLock(deps: {
  couch: Couch;
  bell: Bell;
  secret: string;
  log: { error(fields: object, message: string): void };
}): Promise<SecondLock> {
  const { couch, bell, secret, log } = deps;
  await assertProxy(couch, secret);
  const serial = createSerial();
  const admitted = new Map<string, Set<string>>();

  const remember = (name: string, people: Set<string>) => {
    admitted.delete(name);
    admitted.set(name, people);
    if (admitted.size > rememberedDatabases) admitted.delete(admitted.keys().next().value!);
  };

  /** Puts the lock on, with the keys of those who belong there now. */
  const secure = (name: string) =>
    serial(name, async () => {
      const database = couch.database(name);
      const people = await peopleOf(database);
      await putLock(database, couch.user);
      await putKeys(database, people);
      remember(name, new Set(people));
    });

  bell.on((ring) => {
    if (!('circle' in ring) || !ring.ids?.some((id) => id.startsWith(memberPrefix))) return;
    const name = `c-${ring.circle}`;
    admitted.delete(name);
    secure(name).catch((error: unknown) => {
      if (error instanceof CouchError && error.status === 404) return;
      log.error(
        { database: name, error: String(error) },
        'who may open a database in CouchDB could not be written; the gate still holds, and the next member who comes tries again'
      );
    });
  });

  return {
    async open(name, person) {
      if (!admitted.get(name)?.has(person)) await secure(name);
      const database = couch.databaseAs(name, proxyCredentials(secret, person));
      return {
        ...database,
        async request(...asked) {
          const answer = await database.request(...asked);
          // Somebody else wrote the keys meanwhile, such as another hub that knew less: with the next request they are written anew.
          if (answer.status === 401 || answer.status === 403) admitted.delete(name);
          return answer;
        }
      };
    }
  };
}

/** A person's own database is hers; a circle's is its members'. */
async function peopleOf(database: Database): Promise<string[]> {
  if (database.name.startsWith('me-')) return [database.name.slice('me-'.length)];
  const members = await documentsWith<Member>(database, memberPrefix);
  return members.filter(({ leftAt }) => !leftAt).map(({ person }) => person);
}

async function putLock(database: Database, hub: string): Promise<void> {
  const source = lockSource(hub);
  const before = await database.get<{ _rev: string; validate_doc_update?: string }>(lockId);
  if (before?.validate_doc_update === source) return;
  await database.put({
    _id: lockId,
    ...(before && { _rev: before._rev }),
    language: 'javascript',
    validate_doc_update: source
  } as { _id: string });
}

async function putKeys(database: Database, names: string[]): Promise<void> {
  const body = { admins: { names: [], roles: ['_admin'] }, members: { names, roles: [] } };
  const response = await database.request('PUT', '_security', { body });
  await response.body?.cancel();
  if (!response.ok) throw new CouchError(response.status, 'unknown', 'The keys of a database could not be written');
}

const probe = 'second-lock-probe';

async function assertProxy(couch: Couch, secret: string): Promise<void> {
  const nameFor = async (headers: Record<string, string>): Promise<unknown> => {
    const response = await couch.requestAs(headers)('GET', '_session');
    return response.ok ? ((await response.json()) as { userCtx?: { name?: unknown } }).userCtx?.name : null;
  };
  const good = proxyCredentials(secret, probe);
  if ((await nameFor(good)) !== probe) throw new Error(notSetUp);
  if ((await nameFor({ ...good, 'x-auth-couchdb-token': '0'.repeat(64) })) === probe) throw new Error(believesAnybody);
}

const notSetUp =
  'CouchDB does not take COUCHDB_PROXY_SECRET: add the proxy handler and the same secret to its configuration (deploy/second-lock.ini), or leave the variable empty.';
const believesAnybody =
  'CouchDB takes anybody for whom they say they are: set proxy_use_secret = true in [chttpd_auth] (deploy/second-lock.ini).';
