import * as v from 'valibot';
import { canInvite, canRevoke } from '#domain/invite.ts';
import { ApiError } from '../errors.ts';
import { assertHost, assertOpen, type Invite } from '../invites.ts';
import type { Call, Route } from '../router.ts';
import { parseBody } from './fields.ts';
import { insider, spend, type Insider, type Services } from './services.ts';

/** A year, and a whole neighbourhood: beyond that an invite is a public door. */
const terms = v.object({
  uses: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1000)), 1),
  expiresInHours: v.optional(v.pipe(v.number(), v.gtValue(0), v.maxValue(8784)), 72)
});

/** The invite of a token. Misses are counted against the caller's address, so that guessing ends in 429. */
export async function findInvite({ invites, limits }: Services, call: Call, token: string): Promise<Invite> {
  const invite = await invites.find(token);
  if (invite) return invite;
  spend(limits, 'token-guess', call.address);
  throw new ApiError('no-invite', { field: 'invite' });
}

async function host(services: Services, call: Call): Promise<Insider> {
  const member = await insider(services, call);
  if (!canInvite(member.role)) throw new ApiError('members-only');
  return member;
}

export function inviteRoutes(services: Services): Route[] {
  const { env, clock, accounts, circles, invites, joining, limits, membership, sessions } = services;

  return [
    {
      method: 'POST',
      path: '/api/circles/:id/invites',
      async run(call) {
        const { circle, account } = await host(services, call);
        const wanted = parseBody(terms, await call.json());
        spend(limits, 'create-invite', account);
        const { invite, token } = await invites.create(circle, account, wanted);
        return { status: 201, body: { invite, token, url: `${env.origin}/join/${token}` } };
      }
    },
    {
      method: 'GET',
      path: '/api/circles/:id/invites',
      async run(call) {
        const { circle } = await host(services, call);
        const list = await invites.list(circle);
        return {
          status: 200,
          body: list.map(({ id, createdBy, createdAt, expiresAt, uses, usedBy, revokedAt }) => ({
            invite: id,
            createdBy,
            createdAt,
            expiresAt,
            uses,
            used: usedBy.length,
            ...(revokedAt && { revokedAt })
          }))
        };
      }
    },
    {
      method: 'DELETE',
      path: '/api/circles/:id/invites/:invite',
      async run(call) {
        const { circle, account, role } = await host(services, call);
        const invite = await invites.get(circle, call.params['invite']!);
        if (!invite) throw new ApiError('no-invite');
        if (!canRevoke({ person: account, role }, invite)) throw new ApiError('stewards-only');
        await invites.revoke(circle, invite.id);
        return { status: 204 };
      }
    },
    {
      method: 'GET',
      path: '/api/invites/:token',
      async run(call) {
        const invite = await findInvite(services, call, call.params['token']!);
        const session = await sessions.find(call.req);
        const isMember = session !== null && (await membership.roleOf(invite.circle, session.account)) !== null;
        if (!isMember) {
          assertOpen(invite, clock());
          await assertHost(membership, invite);
        }
        const circle = await circles.describe(invite.circle);
        const names = await accounts.names([invite.createdBy]);
        if (!circle) throw new ApiError('no-invite');
        const { name, circleKind, city } = circle;
        return {
          status: 200,
          body: {
            circle: { id: invite.circle, name, circleKind, ...(city && { city }) },
            invitedBy: names.get(invite.createdBy),
            expiresAt: invite.expiresAt
          }
        };
      }
    },
    {
      method: 'POST',
      path: '/api/invites/:token/accept',
      async run(call) {
        const { account } = await call.session();
        const invite = await findInvite(services, call, call.params['token']!);
        await joining.accept(invite, account);
        return { status: 200, body: { circle: invite.circle } };
      }
    }
  ];
}
