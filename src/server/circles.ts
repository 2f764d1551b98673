import { circleRecordId, type Circle } from '#domain/circle/circle.ts';
import { heirOf, memberId } from '#domain/member/member.ts';
import { personId } from '#domain/person/person.ts';
import type { Accounts } from './accounts.ts';
import type { Bell } from './bell.ts';
import type { Couch } from './couch.ts';
import { drawId, type Random } from './draw.ts';
import { ApiError } from './errors.ts';
import type { HubRecords } from './hub-records.ts';
import { memberPrefix, type Member, type Membership, type Role } from './membership.ts';
import type { Serial } from './serial.ts';
import { deleteDocument, documentsWith, systemName, type Stored } from './system.ts';

/** What `hub:circle:self` says. */
export type CircleFields = Pick<Circle, 'name' | 'circleKind' | 'city' | 'parent' | 'rules'>;

export type MemberInfo = Member & { name: string };

export type Circles = {
  /** Makes the circle with its first steward; on disk before it resolves. */
  found(founder: string, fields: CircleFields): Promise<string>;
  describe(circle: string): Promise<CircleFields | null>;
  /** An empty city is none any more. */
  change(circle: string, fields: Partial<CircleFields>): Promise<CircleFields>;
  /** Everybody who is or was in it, the longest-standing first. */
  members(circle: string): Promise<MemberInfo[]>;
  /** Makes a member of somebody new, or of somebody who had left; a present member stays as she is. */
  admit(circle: string, person: string, invitedBy: string): Promise<void>;
  setRole(circle: string, person: string, role: Role): Promise<void>;
  /**
   * Ends a membership, by her own wish or a steward's. A circle is never without a steward (S15): when the last one goes, the
   * longest-standing member becomes one first, a newcomer only where there is nobody else.
   */
  part(circle: string, person: string): Promise<void>;
  /** Takes away what is left of circles whose founding was cut off; called at start, before anybody is answered. */
  repair(): Promise<void>;
};

const databaseOf = (circle: string): string => `c-${circle}`;
const foundingId = (circle: string): string => `founding:${circle}`;

export function createCircles(deps: {
  couch: Couch;
  clock: () => number;
  random: Random;
  accounts: Accounts;
  bell: Bell;
  hubRecords: HubRecords;
  membership: Membership;
  serial: Serial;
}): Circles {
  const { couch, accounts, bell, hubRecords, membership, serial } = deps;
  const system = couch.database(systemName);
  const now = () => new Date(deps.clock()).toISOString();

  const records = (circle: string) => documentsWith<Member>(couch.database(databaseOf(circle)), memberPrefix);

  async function putMember(circle: string, person: string, change: (before: Member | null) => Member | null) {
    await hubRecords.put<Member>(databaseOf(circle), memberId(person), change);
    membership.drop(circle, person);
    bell.ring({ me: person });
  }

  /** So that the others can call her something before her own device has said who she is. */
  const nameOf = async (person: string) => (await accounts.names([person])).get(person);

  const withRole = (role: Role) => (before: Member | null) => before && { ...before, role };

  return {
    async found(founder, fields) {
      const circle = drawId(deps.random);
      await system.put({ _id: foundingId(circle), founder } as { _id: string });
      await couch.ensure(databaseOf(circle));
      await hubRecords.put<CircleFields>(databaseOf(circle), circleRecordId, () => fields);
      await accounts.addCircle(founder, circle);
      const name = await nameOf(founder);
      await putMember(circle, founder, () => ({ person: founder, name, role: 'steward', joinedAt: now() }));
      await deleteDocument(system, foundingId(circle));
      return circle;
    },
    describe: (circle) => couch.database(databaseOf(circle)).get<CircleFields>(circleRecordId),
    async change(circle, fields) {
      const after = await hubRecords.put<CircleFields>(databaseOf(circle), circleRecordId, (before) => ({
        ...(before as CircleFields),
        ...fields,
        ...(fields.city === '' && { city: undefined })
      }));
      for (const { person, leftAt } of await records(circle)) if (!leftAt) bell.ring({ me: person });
      return after!;
    },
    async members(circle) {
      const members = (await records(circle)).sort(byStanding);
      const names = await namesIn(couch, accounts, circle, members);
      return members.map(({ person, role, invitedBy, joinedAt, leftAt }, index) => ({
        person,
        name: names[index]!,
        role,
        ...(invitedBy && { invitedBy }),
        joinedAt,
        ...(leftAt && { leftAt })
      }));
    },
    async admit(circle, person, invitedBy) {
      await accounts.addCircle(person, circle);
      const name = await nameOf(person);
      await putMember(circle, person, (before) =>
        before && !before.leftAt ? null : { person, name, role: 'member', invitedBy, joinedAt: now() }
      );
    },
    setRole: (circle, person, role) =>
      serial(`members ${circle}`, async () => {
        const present = (await records(circle)).filter(({ leftAt }) => !leftAt);
        if (!present.some((member) => member.person === person)) throw new ApiError('not-found');
        const others = present.some((member) => member.role === 'steward' && member.person !== person);
        if (role !== 'steward' && !others) throw new ApiError('last-steward');
        await putMember(circle, person, withRole(role));
      }),
    part: (circle, person) =>
      serial(`members ${circle}`, async () => {
        const present = (await records(circle)).filter(({ leftAt }) => !leftAt).sort(byStanding);
        const leaving = present.find((member) => member.person === person);
        if (!leaving) throw new ApiError('not-found');
        const others = present.filter((member) => member !== leaving);
        const heir = heirOf(others);
        if (heir) await putMember(circle, heir.person, withRole('steward'));
        await putMember(circle, person, (before) => before && { ...before, leftAt: now() });
      }),
    async repair() {
      for (const { _id } of await documentsWith(system, foundingId(''))) {
        const circle = _id.slice(foundingId('').length);
        await couch.ensure(databaseOf(circle));
        if ((await records(circle)).length === 0) await couch.database(databaseOf(circle)).destroy();
        await deleteDocument(system, _id);
      }
    }
  };
}

const byStanding = (a: Member, b: Member): number =>
  a.joinedAt === b.joinedAt ? (a.person < b.person ? -1 : 1) : a.joinedAt < b.joinedAt ? -1 : 1;

/** The name each gave herself in the circle, or the account's until her device has written one. */
async function namesIn(couch: Couch, accounts: Accounts, circle: string, members: Stored<Member>[]): Promise<string[]> {
  const people = members.map(({ person }) => person);
  const keys = people.map((person) => personId(person));
  const { rows } = await couch.database(databaseOf(circle)).allDocs<{ name?: unknown }>({ keys, includeDocs: true });
  const accountNames = await accounts.names(people);
  return people.map((person, index) => {
    const own = rows[index]?.doc?.name;
    return typeof own === 'string' && own ? own : (accountNames.get(person) ?? person);
  });
}
