import type { IncomingMessage } from 'node:http';
import type { RecordId } from '#domain/id.ts';
import type { Accounts } from '../accounts.ts';
import type { Bell } from '../bell.ts';
import type { Circles } from '../circles.ts';
import type { Couch } from '../couch.ts';
import type { HubEnv } from '../env.ts';
import { ApiError } from '../errors.ts';
import type { Handoffs } from '../handoffs.ts';
import type { Homecoming } from '../homecoming.ts';
import type { HubRecords } from '../hub-records.ts';
import type { Invites } from '../invites.ts';
import type { Joining } from '../joining.ts';
import type { LimitName, Limits } from '../limits.ts';
import type { Membership, Role } from '../membership.ts';
import type { Photos } from '../photos.ts';
import type { Call } from '../router.ts';
import type { Serial } from '../serial.ts';
import type { Session, Sessions } from '../sessions.ts';
import type { Setup } from '../setup.ts';
import type { TakeBack } from '../take-back.ts';

/** What the calls of `/api` are made of. */
export type Services = {
  env: HubEnv;
  clock: () => number;
  couch: Couch;
  era: string;
  homecoming: Homecoming;
  hubRecords: HubRecords;
  takeBack: TakeBack;
  /** Has the notary look at these claims once more. */
  lookAgain(database: string, claims: readonly RecordId[]): void;
  bell: Bell;
  limits: Limits;
  serial: Serial;
  setup: Setup;
  accounts: Accounts;
  sessions: Sessions;
  handoffs: Handoffs;
  invites: Invites;
  circles: Circles;
  membership: Membership;
  joining: Joining;
  photos: Photos;
};

/** Takes from a limit or throws 429 with how long to wait. */
export function spend(limits: Limits, rule: LimitName, key: string): void {
  const seconds = limits.take(rule, key);
  if (seconds > 0) throw new ApiError('too-often', { retryAfterSeconds: seconds });
}

export type Insider = Session & { circle: string; role: Role };

/** The member who calls `/api/circles/:id/…`: 401 without a session, 404 for anybody else, whether the circle exists or not. */
export async function insider(
  services: Pick<Services, 'membership'>,
  call: Pick<Call, 'session' | 'params'>
): Promise<Insider> {
  const session = await call.session();
  const circle = call.params['id']!;
  const role = await services.membership.roleOf(circle, session.account);
  if (!role) throw new ApiError('no-circle');
  return { ...session, circle, role };
}

/** The same, and 403 for a member who is no steward. */
export async function steward(services: Services, call: Call): Promise<Insider> {
  const member = await insider(services, call);
  if (member.role !== 'steward') throw new ApiError('stewards-only');
  return member;
}

/** What the person's list of sessions calls this device: what its browser says of itself. */
export function deviceOf(req: IncomingMessage): string {
  return req.headers['user-agent'] ?? '';
}
