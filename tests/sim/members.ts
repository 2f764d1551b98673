import { memberId, type Member } from '#domain/member/member.ts';
import { winnerOf } from '#data/testing/documents.ts';
import type { Chance } from './chance.ts';
import { firstEra } from './hub.ts';
import type { MemoryCouch } from './memory-couch.ts';
import type { Operator } from './operator.ts';

export type MembersDeps = {
  people: readonly string[];
  couch: MemoryCouch;
  chance: Chance;
  operator: () => Operator;
  tell: (what: string) => void;
};

/** Who is in which circle by what the hub's database says, and who comes and goes. */
export function createMembers({ people, couch, chance, operator, tell }: MembersDeps) {
  function memberOf(circle: string, person: string): Member | null {
    const tree = couch.databases.get(`c-${circle}`)?.documents.tree(memberId(person));
    return tree ? (winnerOf(tree).fields as Member | null) : null;
  }

  const present = (circle: string) =>
    people.filter((person) => memberOf(circle, person)?.leftAt === undefined && memberOf(circle, person));

  /** Nobody leaves while devices are waited for. */
  const isHomecoming = () => operator().era() !== firstEra && !operator().isServing();

  return {
    memberOf,
    present,

    /** Somebody leaves, or is removed. */
    part(circle: string): void {
      const there = present(circle);
      if (there.length === 0) return;
      const person = chance.pick(there);
      if (there.length <= 2 || isHomecoming()) return;
      tell(`${person} leaves`);
      operator().insist(({ circles: at }) => at.part(circle, person));
    },

    /** Somebody comes (again), or becomes steward. */
    admit(circle: string): void {
      const out = people.filter((person) => !present(circle).includes(person));
      const [steward] = present(circle);
      if (!steward) return;
      const [person, role] = [chance.pick(out.length > 0 ? out : people), chance.pick(['member', 'steward'] as const)];
      tell(`${person} comes, or is ${role}`);
      operator().insist(({ circles: at }) =>
        out.length > 0 ? at.admit(circle, person, steward) : at.setRole(circle, person, role)
      );
    }
  };
}
