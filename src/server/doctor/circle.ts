import { circleRecordId } from '#domain/circle/circle.ts';
import { allotmentId } from '#domain/allotment/allotment.ts';
import { parseRecordId } from '#domain/id.ts';
import type { Member } from '#domain/member/member.ts';
import { memberPrefix } from '../membership.ts';
import { fault, note, type Finding, type Standing } from './finding.ts';
import type { Examination } from './records.ts';

type Claim = { status: string };
type Places = { places?: { claim: string }[] };

/** R11, S15: a circle has its own record, a steward as long as anybody is in it, and members who have accounts. */
export function examineCircle(circle: string, accounts: ReadonlyMap<string, { circles: string[] }>): Examination {
  let isFounded = false;
  const members = new Map<string, Member>();
  const claims = new Map<string, string>();
  const answered = new Set<string>();

  return {
    see(doc: Standing) {
      const id = parseRecordId(doc._id);
      if (doc._id === circleRecordId) isFounded = true;
      if (doc._id.startsWith(memberPrefix)) members.set(doc._id.slice(memberPrefix.length), doc as never);
      if (id?.kind === 'claim' && (doc as unknown as Claim).status === 'standing') claims.set(doc._id, id.key);
      if (id?.kind === 'allotment') for (const { claim } of (doc as Places).places ?? []) answered.add(claim);
      return [];
    },
    end() {
      const findings: Finding[] = [];
      if (!isFounded) findings.push(fault(`The circle ${circle} has lost its own record.`));
      const present = [...members.values()].filter(({ leftAt }) => !leftAt);
      if (present.length > 0 && !present.some(({ role }) => role === 'steward'))
        findings.push(fault(`The circle ${circle} has members but no steward.`));
      for (const { person, name } of present) {
        const account = accounts.get(person);
        if (!account)
          findings.push(
            fault(
              `${name ?? person} is in the circle ${circle} without an account. Invite her anew and remove the old name.`
            )
          );
        else if (!account.circles.includes(circle))
          findings.push(fault(`${name ?? person} is in the circle ${circle}, but her account does not know it.`));
      }
      for (const [person, account] of accounts) {
        if (account.circles.includes(circle) && !members.has(person))
          findings.push(fault(`The account ${person} was in the circle ${circle}, which has no membership of hers.`));
      }
      const waiting = [...claims.keys()].filter((claim) => !answered.has(claim));
      if (waiting.length > 0)
        findings.push(
          note(
            `${circle}: ${waiting.length} claims have no answer yet, the first is ${waiting[0]} (${allotmentId(claims.get(waiting[0]!)!)}).`
          )
        );
      return findings;
    }
  };
}
