import { memberId } from '#domain/member/member.ts';
import { personId } from '#domain/person/person.ts';
import type { PersonView } from '#domain/views.ts';
import { allOf, type Row } from '../read-model.ts';
import { photosOf, type Desk } from './desk.ts';

/** The members of a circle in the order of joining, who left at the end. */
export async function people(desk: Desk, circle: string): Promise<PersonView[]> {
  const members = await allOf(desk.model.member, circle).toArray();
  const views = await viewsOf(desk, circle, members);
  return views.sort(
    (a, b) => Number(Boolean(a.leftAt)) - Number(Boolean(b.leftAt)) || (a.joinedAt < b.joinedAt ? -1 : 1)
  );
}

/** These members; whoever the circle does not know is left out. */
export async function peopleOf(desk: Desk, circle: string, ids: string[]): Promise<PersonView[]> {
  const members = await desk.model.member.bulkGet(ids.map((id) => [circle, memberId(id)]));
  return viewsOf(
    desk,
    circle,
    members.filter((row) => row !== undefined)
  );
}

async function viewsOf(desk: Desk, circle: string, members: Row<'member'>[]): Promise<PersonView[]> {
  const me = desk.me();
  const rows = await desk.model.person.bulkGet(members.map((row) => [circle, personId(row.record.person)]));
  const faces = await photosOf(
    desk,
    circle,
    rows.flatMap((row) => row?.record.face ?? [])
  );
  return members.map(({ record }, index) => {
    const person = rows[index]?.record;
    return {
      id: record.person,
      name: person?.name ?? record.name ?? (record.person === me.id ? me.name : ''),
      face: faces.get(person?.face ?? ''),
      payment: person?.payment,
      role: record.role,
      invitedBy: record.invitedBy,
      joinedAt: record.joinedAt,
      leftAt: record.leftAt
    };
  });
}
