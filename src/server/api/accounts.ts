import * as v from 'valibot';
import { ApiError } from '../errors.ts';
import type { Invite } from '../invites.ts';
import type { Route } from '../router.ts';
import { login, name, parseBody, password, secretText } from './fields.ts';
import { findInvite } from './invites.ts';
import { spend, type Services } from './services.ts';
import { enter } from './session.ts';

const newAccount = v.object({
  login,
  name,
  password,
  invite: v.optional(secretText),
  setup: v.optional(secretText)
});

export function accountRoutes(services: Services): Route[] {
  const { env, accounts, joining, limits, serial, setup } = services;

  /** The first account needs the set-up link, every other an invite; an open hub needs neither. */
  async function enrol(
    { invite: token, setup: setupToken, ...account }: v.InferOutput<typeof newAccount>,
    invite?: Invite
  ) {
    if (invite || env.open) return joining.enrol(account, invite);
    // One at a time, so that of two with the link only one is first.
    return serial('first account', async () => {
      if (!(await setup.needed())) throw new ApiError(setupToken ? 'setup-over' : 'invite-needed');
      if (!setupToken || !setup.matches(setupToken)) throw new ApiError('setup-needed');
      return joining.enrol(account);
    });
  }

  return [
    {
      method: 'GET',
      path: '/api/setup',
      run: async () => ({ status: 200, body: { needed: await setup.needed(), open: env.open } })
    },
    {
      method: 'POST',
      path: '/api/accounts',
      async run(call) {
        const wanted = parseBody(newAccount, await call.json());
        spend(limits, 'create-account', call.address);
        const invite = wanted.invite === undefined ? undefined : await findInvite(services, call, wanted.invite);
        const id = await enrol(wanted, invite);
        const account = await accounts.get(id);
        if (!account) throw new Error('An account vanished while it was made');
        const answer = await enter(services, call, account, 201);
        await joining.answered(id);
        return answer;
      }
    }
  ];
}
