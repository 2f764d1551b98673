import type { Accounts } from './accounts.ts';
import type { Circles } from './circles.ts';
import type { Couch } from './couch.ts';
import { drawId, type Random } from './draw.ts';
import { ApiError } from './errors.ts';
import { assertHost, assertOpen, type Invite, type Invites } from './invites.ts';
import type { Membership } from './membership.ts';
import type { Passwords } from './passwords.ts';
import type { Serial } from './serial.ts';
import { deleteDocument, documentsWith, systemName, updateDocument, type Stored } from './system.ts';

export type NewAccount = { login: string; name: string; password: string };

/** How a person comes to the hub and into circles, in steps that a crash between any two of them does no harm to. */
export type Joining = {
  /**
   * Makes an account, and with an invite its use and the membership too: all or nothing. Answers its id; the caller then says
   * `answered` when the person can be told. The same request once more after a crash finds the same account.
   */
  enrol(account: NewAccount, invite?: Invite): Promise<string>;
  answered(account: string): Promise<void>;
  /** Takes a use and makes a member. Again by the same person it uses nothing and changes nothing. */
  accept(invite: Invite, account: string): Promise<void>;
  /** Finishes or undoes what a crash cut off; called at start, before anybody is answered. */
  repair(): Promise<void>;
};

/** Stands from before the first write of an enrolment until its person is told, so that a start knows what to look at. */
type Enrolment = { login: string; invite?: { circle: string; id: string }; settled?: true };

const enrolmentId = (account: string): string => `enrolment:${account}`;
const personDatabase = (account: string): string => `me-${account}`;

export function createJoining(deps: {
  couch: Couch;
  clock: () => number;
  random: Random;
  accounts: Accounts;
  passwords: Passwords;
  invites: Invites;
  circles: Circles;
  membership: Membership;
  serial: Serial;
}): Joining {
  const { couch, clock, accounts, passwords, invites, circles, membership, serial } = deps;
  const system = couch.database(systemName);

  /** The commit point is the use that the invite holds; the membership follows from it. */
  async function useAndAdmit(invite: Invite, account: string): Promise<void> {
    await invites.use(invite, account);
    await circles.admit(invite.circle, account, invite.createdBy);
  }

  async function undo(account: string, login: string): Promise<void> {
    await accounts.discard(account, login);
    await couch.database(personDatabase(account)).destroy();
    await deleteDocument(system, enrolmentId(account));
  }

  /** Brings an enrolment that was cut off to one of its two ends; true when the account stands. */
  async function settle(account: string, { login, invite, settled }: Enrolment): Promise<boolean> {
    if (settled) return true;
    const stored = invite && (await invites.get(invite.circle, invite.id));
    const committed = (await accounts.get(account)) && (!invite || stored?.usedBy.includes(account));
    if (!committed) {
      await undo(account, login);
      return false;
    }
    if (stored) await circles.admit(stored.circle, account, stored.createdBy);
    await updateDocument<Enrolment>(system, enrolmentId(account), (before) => before && { ...before, settled: true });
    return true;
  }

  /** The account that this very request made before it was cut off, if there is one. */
  async function resumed({ login, password }: NewAccount, invite?: Invite): Promise<string | null> {
    const known = await accounts.byLogin(login);
    if (!known) return null;
    const enrolment = await system.get<Enrolment>(enrolmentId(known.id));
    const same = enrolment && enrolment.invite?.id === invite?.id;
    if (!same || !(await passwords.matches(password, known.password))) throw loginTaken();
    return (await settle(known.id, enrolment)) ? known.id : null;
  }

  async function create({ login, name, password: text }: NewAccount, invite?: Invite): Promise<string> {
    const password = await passwords.hash(text);
    const id = drawId(deps.random);
    const enrolment: Enrolment = { login, ...(invite && { invite: { circle: invite.circle, id: invite.id } }) };
    await system.put({ _id: enrolmentId(id), ...enrolment } as { _id: string });
    await couch.ensure(personDatabase(id));
    try {
      if (!(await accounts.create(id, { login, name, password }))) throw loginTaken();
      if (invite) await useAndAdmit(invite, id);
    } catch (error) {
      // A refusal is undone at once; a database that fell silent is met again at the next start or try.
      if (error instanceof ApiError) await undo(id, login);
      throw error;
    }
    return id;
  }

  return {
    enrol: (account, invite) =>
      serial(`login ${account.login}`, async () => {
        const before = await resumed(account, invite);
        if (before) return before;
        if (!invite) return create(account);
        return serial(`invite ${invite.id}`, async () => {
          // Looked at once more when it is this one's turn: of many who come at once the losers then write nothing.
          const fresh = await invites.get(invite.circle, invite.id);
          if (!fresh) throw new ApiError('no-invite');
          assertOpen(fresh, clock());
          await assertHost(membership, fresh);
          return create(account, fresh);
        });
      }),
    async answered(account) {
      await deleteDocument(system, enrolmentId(account));
    },
    async accept(invite, account) {
      const member = await membership.memberOf(invite.circle, account);
      if (member && !member.leftAt) return;
      // Whoever left or was removed comes back by an invite made after that, not by an old link.
      if (member?.leftAt && invite.createdAt < member.leftAt) throw new ApiError('invite-revoked');
      await assertHost(membership, invite);
      await serial(`invite ${invite.id}`, () => useAndAdmit(invite, account));
    },
    async repair() {
      for (const { _id, ...enrolment } of await documentsWith<Enrolment>(system, enrolmentId(''))) {
        await settle(_id.slice(enrolmentId('').length), enrolment as Stored<Enrolment>);
      }
    }
  };
}

const loginTaken = () => new ApiError('login-taken', { field: 'login' });
