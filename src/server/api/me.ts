import * as v from 'valibot';
import type { Account } from '../accounts.ts';
import { ApiError } from '../errors.ts';
import type { Route } from '../router.ts';
import { givenPassword, login, name, parseBody, password, secretText } from './fields.ts';
import { spend, type Services } from './services.ts';
import { enter } from './session.ts';

/** The answer of `/api/me`, of signing in and of a new account. Circles that were left stay, with `leftAt`. */
export async function describeMe({ circles, membership, era }: Services, account: Account) {
  const rows = await Promise.all(
    account.circles.map(async (id) => {
      const member = await membership.memberOf(id, account.id);
      const circle = member && (await circles.describe(id));
      if (!member || !circle) return [];
      const { role, leftAt } = member;
      return [{ id, name: circle.name, circleKind: circle.circleKind, role, ...(leftAt && { leftAt }) }];
    })
  );
  return { id: account.id, login: account.login, name: account.name, era, circles: rows.flat() };
}

const renaming = v.object({ name });
const passwordChange = v.object({ current: givenPassword, next: password });
const confirmed = v.object({ current: givenPassword });
const recovery = v.object({ login, code: secretText, password });

export function meRoutes(services: Services): Route[] {
  const { accounts, sessions, limits, bell } = services;

  async function present(id: string): Promise<Account> {
    const account = await accounts.get(id);
    if (!account) throw new ApiError('signed-out');
    return account;
  }

  /** A phone left lying open has a session; what outlives the session asks for the password as well. */
  async function confirm(id: string, current: string): Promise<Account> {
    const account = await present(id);
    // Not the bucket of her login: strangers who guess at the door must not keep her from changing her password.
    spend(limits, 'confirm-password', account.id);
    if (!(await accounts.verify(account.login, current))) throw new ApiError('wrong-current', { field: 'current' });
    limits.giveBack('confirm-password', account.id);
    return account;
  }

  return [
    {
      method: 'GET',
      path: '/api/me',
      async run(call) {
        const { account } = await call.session();
        const cookie = sessions.renewed(call.req);
        const body = await describeMe(services, await present(account));
        return { status: 200, body, headers: cookie ? { 'set-cookie': cookie } : {} };
      }
    },
    {
      method: 'PATCH',
      path: '/api/me',
      async run(call) {
        const { account } = await call.session();
        await accounts.rename(account, parseBody(renaming, await call.json()).name);
        bell.ring({ me: account });
        return { status: 200, body: await describeMe(services, await present(account)) };
      }
    },
    {
      method: 'POST',
      path: '/api/password',
      async run(call) {
        const session = await call.session();
        const { current, next } = parseBody(passwordChange, await call.json());
        const account = await confirm(session.account, current);
        await accounts.setPassword(account.id, next);
        await sessions.endAll(account.id, session.id);
        bell.ring({ me: account.id });
        return { status: 204 };
      }
    },
    {
      method: 'POST',
      path: '/api/recovery-codes',
      async run(call) {
        const session = await call.session();
        const { current } = parseBody(confirmed, await call.json());
        const account = await confirm(session.account, current);
        return { status: 201, body: { codes: await accounts.newRecoveryCodes(account.id) } };
      }
    },
    {
      method: 'POST',
      path: '/api/recover',
      async run(call) {
        const given = parseBody(recovery, await call.json());
        spend(limits, 'sign-in-address', call.address);
        spend(limits, 'sign-in-login', given.login);
        const account = await accounts.useRecoveryCode(given.login, given.code);
        if (!account) throw new ApiError('wrong-code', { field: 'code' });
        limits.giveBack('sign-in-address', call.address);
        limits.giveBack('sign-in-login', given.login);
        await accounts.setPassword(account.id, given.password);
        await sessions.endAll(account.id);
        bell.ring({ me: account.id });
        return enter(services, call, account, 200);
      }
    }
  ];
}
