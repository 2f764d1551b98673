import * as v from 'valibot';
import { common, line, make, moment, person, signed, type At, type Fields } from '../fields.ts';
import { hubAuthor, recordId } from '../id.ts';

/** What a member may do in one circle. */
export const roles = ['newcomer', 'member', 'steward'] as const;
export type Role = (typeof roles)[number];

const fields = {
  ...common('member'),
  ...signed,
  person,
  name: v.optional(line),
  role: v.picklist(roles),
  invitedBy: v.optional(person),
  joinedAt: moment,
  leftAt: v.optional(moment)
};

/** R11: the truth about one membership; with `leftAt` it is over. `name` is the account's at joining, until she introduces herself. */
export const member = v.looseObject(fields);
export type Member = Fields<typeof fields>;

/** One per person and circle. */
export const memberId = (account: string) => recordId(hubAuthor, 'member', account);

/** A whole record by the hub, but for the counter and signature that hub-records adds. */
export function makeMember(
  body: Pick<Member, 'person' | 'name' | 'role' | 'invitedBy' | 'joinedAt' | 'leftAt'>,
  at: At
): Member {
  return make('member', body.person, at, body);
}

/** S15: who takes over when the last steward leaves: the longest-standing member, a newcomer only where nobody else is. */
export function heirOf<Other extends { role: Role }>(othersByStanding: readonly Other[]): Other | undefined {
  if (othersByStanding.some(({ role }) => role === 'steward')) return undefined;
  return othersByStanding.find(({ role }) => role === 'member') ?? othersByStanding[0];
}
