import { isCircleId } from '#domain/id.ts';
import { canInvite } from '#domain/invite.ts';
import type { Couch } from './couch.ts';
import { drawSecret, secretHash, type Random } from './draw.ts';
import { ApiError } from './errors.ts';
import type { Membership } from './membership.ts';
import { documentsWith, systemName, updateDocument, type Stored } from './system.ts';

/** An invite at rest: its token's hash is the id, and each use stands in it, so that taking the last one is one write. */
export type InviteDocument = {
  circle: string;
  createdBy: string;
  createdAt: string;
  expiresAt: string;
  uses: number;
  usedBy: string[];
  revokedAt?: string;
};

export type Invite = InviteDocument & { id: string };

export type Invites = {
  create(
    circle: string,
    by: string,
    terms: { uses: number; expiresInHours: number }
  ): Promise<{ invite: string; token: string }>;
  /** Null for a token that the hub never gave. Reading consumes nothing: a link preview does no harm. */
  find(token: string): Promise<Invite | null>;
  get(circle: string, invite: string): Promise<Invite | null>;
  list(circle: string): Promise<Invite[]>;
  revoke(circle: string, invite: string): Promise<void>;
  /** Revokes every invite that is open: after a restore the hub does not know any more which were used meanwhile. */
  revokeAll(): Promise<void>;
  /** Commits a use for `account`; MVCC lets one win of those who reach for the last. Throws the 410 that fits. */
  use(invite: Invite, account: string): Promise<void>;
};

const hourMs = 3_600_000;
const secretBytes = 18;
const shownLength = 24;

/** A token names its circle, so that a circle's invites stand side by side and no index can be wrong: `<circle>_<secret>`. */
export function createInvites(deps: { couch: Couch; clock: () => number; random: Random }): Invites {
  const { clock, random } = deps;
  const system = deps.couch.database(systemName);
  const documentId = (circle: string, invite: string) => `invite:${circle}:${invite}`;

  const get: Invites['get'] = async (circle, invite) => {
    const document = await system.get<Stored<InviteDocument>>(documentId(circle, invite));
    return document && toInvite(document);
  };

  return {
    get,
    async create(circle, by, { uses, expiresInHours }) {
      const now = clock();
      const secret = drawSecret(random, secretBytes);
      const invite = inviteOf(secret);
      await system.put({
        _id: documentId(circle, invite),
        circle,
        createdBy: by,
        createdAt: new Date(now).toISOString(),
        expiresAt: new Date(now + expiresInHours * hourMs).toISOString(),
        uses,
        usedBy: []
      } as { _id: string });
      return { invite, token: `${circle}_${secret}` };
    },
    async find(token) {
      const [, circle, secret] = /^([a-z0-9-]+)_([\w-]{24})$/.exec(token) ?? [];
      return circle && secret && isCircleId(circle) ? get(circle, inviteOf(secret)) : null;
    },
    async list(circle) {
      const documents = await documentsWith<InviteDocument>(system, `invite:${circle}:`);
      return documents.map(toInvite).sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
    },
    async revoke(circle, invite) {
      await updateDocument<InviteDocument>(system, documentId(circle, invite), (before) =>
        before && !before.revokedAt ? { ...before, revokedAt: new Date(clock()).toISOString() } : null
      );
    },
    async revokeAll() {
      const at = new Date(clock()).toISOString();
      for (const invite of await documentsWith<InviteDocument>(system, 'invite:')) {
        if (invite.revokedAt || Date.parse(invite.expiresAt) <= clock()) continue;
        await updateDocument<InviteDocument>(system, invite._id, (before) =>
          before && !before.revokedAt ? { ...before, revokedAt: at } : null
        );
      }
    },
    async use({ circle, id }, account) {
      await updateDocument<InviteDocument>(system, documentId(circle, id), (before) => {
        if (!before) throw new ApiError('no-invite');
        if (before.usedBy.includes(account)) return null;
        assertOpen(before, clock());
        return { ...before, usedBy: [...before.usedBy, account] };
      });
    }
  };
}

/** Throws the 410 that says why the invite lets nobody in any more. */
export function assertOpen(invite: InviteDocument, now: number): void {
  if (invite.revokedAt) throw new ApiError('invite-revoked');
  if (invite.usedBy.length >= invite.uses) throw new ApiError('invite-used-up');
  if (Date.parse(invite.expiresAt) <= now) throw new ApiError('invite-expired');
}

/** An invite speaks for whoever made it: once that one may not invite any more, being removed or having left, it lets nobody in. */
export async function assertHost(
  membership: Pick<Membership, 'roleOf'>,
  { circle, createdBy }: Pick<InviteDocument, 'circle' | 'createdBy'>
): Promise<void> {
  const role = await membership.roleOf(circle, createdBy);
  if (!role || !canInvite(role)) throw new ApiError('invite-revoked');
}

const inviteOf = (secret: string): string => secretHash(secret).slice(0, shownLength);

function toInvite({ _id, _rev, ...document }: Stored<InviteDocument>): Invite {
  return { id: _id.slice(_id.lastIndexOf(':') + 1), ...document };
}
