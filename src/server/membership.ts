import { memberId, type Member as MemberRecord, type Role } from '#domain/member/member.ts';
import type { Bell } from './bell.ts';
import type { Couch } from './couch.ts';
import { CouchError } from './couch-error.ts';
import { accountId, type AccountDocument } from './accounts.ts';
import { systemName } from './system.ts';

export type { Role };

/** What `hub:member:<person>` says. `leftAt` stands once the person has left or was removed; the role is then what it was. */
export type Member = Pick<MemberRecord, 'person' | 'name' | 'role' | 'invitedBy' | 'joinedAt' | 'leftAt'>;

/** Who belongs to which circle. The truth is `hub:member:<person>` in each circle (R11); this caches it. */
export type Membership = {
  /** The person's role, or null for whoever is not in the circle (left, removed, no such circle). */
  roleOf(circle: string, person: string): Promise<Role | null>;
  /** The record itself, of somebody who left too; null when there never was one. */
  memberOf(circle: string, person: string): Promise<Member | null>;
  /** The circles a person is in now. */
  circlesOf(person: string): Promise<string[]>;
  /** Forgets what is cached of the circle, or of one person in it. */
  drop(circle: string, person?: string): void;
};

export const memberPrefix = 'hub:member:';
const cachedCircles = 10_000;

/** Listens to the bell, so that a change of membership is known before anybody else hears of it. */
export function createMembership({ couch, bell }: { couch: Couch; bell: Bell }): Membership {
  const cache = new Map<string, Map<string, Promise<Member | null>>>();

  const read = async (circle: string, person: string): Promise<Member | null> => {
    try {
      return await couch.database(`c-${circle}`).get<Member>(memberId(person));
    } catch (error) {
      if (error instanceof CouchError && error.status === 404) return null;
      throw error;
    }
  };

  const memberOf: Membership['memberOf'] = (circle, person) => {
    const members = cache.get(circle) ?? new Map<string, Promise<Member | null>>();
    const known = members.get(person);
    if (known) return known;
    // What is cached is the question under way, so a drop in the middle of it takes the answer away too.
    const asked = read(circle, person);
    asked.catch(() => members.delete(person));
    members.set(person, asked);
    cache.set(circle, members);
    if (cache.size > cachedCircles) cache.delete(cache.keys().next().value!);
    return asked;
  };

  const roleOf: Membership['roleOf'] = async (circle, person) => {
    const member = await memberOf(circle, person);
    return member && !member.leftAt ? member.role : null;
  };

  const drop: Membership['drop'] = (circle, person) => {
    if (person === undefined) cache.delete(circle);
    else cache.get(circle)?.delete(person);
  };

  bell.on((ring) => {
    if (!('circle' in ring)) return;
    if (!ring.ids) return drop(ring.circle);
    for (const id of ring.ids) if (id.startsWith(memberPrefix)) drop(ring.circle, id.slice(memberPrefix.length));
  });

  return {
    roleOf,
    memberOf,
    drop,
    async circlesOf(person) {
      const account = await couch.database(systemName).get<AccountDocument>(accountId(person));
      const circles = account?.circles ?? [];
      const roles = await Promise.all(circles.map((circle) => roleOf(circle, person)));
      return circles.filter((_, index) => roles[index] !== null);
    }
  };
}
