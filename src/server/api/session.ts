import * as v from 'valibot';
import type { Account } from '../accounts.ts';
import { ApiError } from '../errors.ts';
import type { Answer, Call, Route } from '../router.ts';
import { givenPassword, parseBody, secretText } from './fields.ts';
import { describeMe } from './me.ts';
import { deviceOf, spend, type Services } from './services.ts';

const byPassword = v.object({ login: secretText, password: givenPassword });
const byCode = v.object({ code: secretText });

/** Signs the person in: whoever was signed in on this browser before is not any more. */
export async function enter(services: Services, call: Call, account: Account, status: number): Promise<Answer> {
  const { sessions } = services;
  const before = await sessions.find(call.req);
  const { cookie } = await sessions.start(account.id, deviceOf(call.req));
  if (before) await sessions.end(before.account, before.id);
  return { status, body: await describeMe(services, account), headers: { 'set-cookie': cookie } };
}

export function sessionRoutes(services: Services): Route[] {
  const { accounts, bell, sessions, handoffs, limits } = services;

  async function accountByPassword(call: Call, body: unknown): Promise<Account> {
    const { login: typed, password } = parseBody(byPassword, body);
    // Phones write the first letter large and a space after a suggestion; logins have neither.
    const login = typed.trim().toLowerCase();
    spend(limits, 'sign-in-address', call.address);
    spend(limits, 'sign-in-login', login);
    const account = await accounts.verify(login, password);
    if (!account) throw new ApiError('wrong-password');
    limits.giveBack('sign-in-address', call.address);
    limits.giveBack('sign-in-login', login);
    return account;
  }

  async function accountByCode(call: Call, code: string): Promise<Account> {
    spend(limits, 'handoff-guess', 'everybody');
    spend(limits, 'sign-in-address', call.address);
    const id = handoffs.redeem(code.replaceAll(/\s/g, ''));
    const account = id && (await accounts.get(id));
    if (!account) throw new ApiError('wrong-code', { field: 'code' });
    limits.giveBack('handoff-guess', 'everybody');
    limits.giveBack('sign-in-address', call.address);
    return account;
  }

  return [
    {
      method: 'POST',
      path: '/api/session',
      async run(call) {
        const body = await call.json();
        const account = await (v.is(byCode, body) ? accountByCode(call, body.code) : accountByPassword(call, body));
        return enter(services, call, account, 200);
      }
    },
    {
      method: 'DELETE',
      path: '/api/session',
      async run(call) {
        const session = await sessions.find(call.req);
        if (session) {
          await sessions.end(session.account, session.id);
          bell.ring({ me: session.account });
        }
        return { status: 204, headers: { 'set-cookie': sessions.clearing } };
      }
    },
    {
      method: 'POST',
      path: '/api/session/handoff',
      async run(call) {
        const { account } = await call.session();
        return { status: 200, body: { code: handoffs.issue(account) } };
      }
    },
    {
      method: 'GET',
      path: '/api/sessions',
      async run(call) {
        const { account, id: own } = await call.session();
        const list = await sessions.list(account);
        return {
          status: 200,
          body: list.map(({ id, device, createdAt, seenAt }) => ({
            id,
            device,
            createdAt,
            lastSeenAt: seenAt,
            current: id === own
          }))
        };
      }
    },
    {
      method: 'DELETE',
      path: '/api/sessions/:session',
      async run(call) {
        const { account } = await call.session();
        if (!(await sessions.end(account, call.params['session']!))) throw new ApiError('not-found');
        bell.ring({ me: account });
        return { status: 204 };
      }
    }
  ];
}
