import { memberId } from '#domain/member/member.ts';
import { personId } from '#domain/person/person.ts';
import { parseRecordId } from '#domain/id.ts';
import type { DeviceStore } from '../device-store.ts';
import type { Me } from '../hub-api.ts';
import type { PhotoView } from '#domain/views.ts';
import type { ReadModel } from '../read-model.ts';

/** What every answer is worked out from. */
export type Desk = { model: ReadModel; store: DeviceStore; me: () => Me; now: () => number };

/** Names of people in a circle: her own word, else what the hub calls her. */
export async function namesOf(
  desk: Desk,
  circle: string,
  people: Iterable<string>
): Promise<(person: string) => string> {
  const wanted = [...new Set(people)];
  const [members, rows] = await Promise.all([
    desk.model.member.bulkGet(wanted.map((person) => [circle, memberId(person)])),
    desk.model.person.bulkGet(wanted.map((person) => [circle, personId(person)]))
  ]);
  const names = new Map([
    ...members.flatMap((row) => (row?.record.name ? [[row.record.person, row.record.name] as const] : [])),
    ...rows.flatMap((row) => (row ? [[row.author, row.record.name] as const] : []))
  ]);
  const me = desk.me();
  return (person) => names.get(person) ?? (person === me.id ? me.name : '');
}

/** Pictures by their record's id, in the order asked; those whose record is not here yet are left out. */
export async function photosOf(desk: Desk, circle: string, ids: readonly string[]): Promise<Map<string, PhotoView>> {
  const known = ids.filter((id) => parseRecordId(id)?.kind === 'photo');
  if (known.length === 0) return new Map();
  const rows = await desk.model.photo.bulkGet(known.map((id) => [circle, id]));
  return new Map(
    rows.flatMap((row) => {
      if (!row) return [];
      const { width, height, thumbhash, uploadedAt } = row.record;
      const isThere = uploadedAt !== undefined || row.author === desk.me().id;
      return [[row.id, { id: row.id, circle, width, height, thumbhash, isThere }] as const];
    })
  );
}
