import { randomBytes } from 'node:crypto';
import { createAccounts } from '../accounts.ts';
import { createBell } from '../bell.ts';
import { createCircles } from '../circles.ts';
import { joinDatabase } from '../database.ts';
import { readEnv, type HubEnv } from '../env.ts';
import { openHubKey } from '../hub-key.ts';
import { createHubRecords } from '../hub-records.ts';
import { createInvites } from '../invites.ts';
import { createMembership } from '../membership.ts';
import { createPasswords } from '../passwords.ts';
import { createSerial } from '../serial.ts';
import { createSessions } from '../sessions.ts';
import { systemName } from '../system.ts';

/** What a command may use: the hub's own parts on the same database, whether the hub is running or not. */
export type Tools = Awaited<ReturnType<typeof openTools>>;

/** Something that cannot be done; its sentence is printed and the exit code is 1. */
export class Refusal extends Error {}

export function readSettings(): HubEnv {
  const settings = readEnv(process.env);
  if (!settings.ok) throw new Refusal(settings.faults.join('\n'));
  return settings.env;
}

export async function openTools() {
  const env = readSettings();
  const log = { info: () => undefined, error: (_: object, message: string) => console.error(message) };
  const { couch, close } = await joinDatabase(env, log);
  const [clock, random] = [Date.now, randomBytes];
  const bell = createBell();
  await couch.ensure(systemName);
  const key = await openHubKey(couch, clock);
  const accounts = createAccounts({ couch, clock, random, passwords: createPasswords(random) });
  const hubRecords = createHubRecords({ couch, bell, key, clock });
  const membership = createMembership({ couch, bell });
  return {
    env,
    couch,
    clock,
    random,
    key,
    membership,
    accounts,
    sessions: createSessions({ couch, clock, random, origin: env.origin }),
    invites: createInvites({ couch, clock, random }),
    circles: createCircles({ couch, clock, random, accounts, bell, hubRecords, membership, serial: createSerial() }),
    close
  };
}
