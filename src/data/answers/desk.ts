import type { Table } from 'dexie';
import { memberId } from '#domain/member/member.ts';
import { personId } from '#domain/person/person.ts';
import { parseRecordId } from '#domain/id.ts';
import type { DeviceStore } from '../device-store.ts';
import type { Me } from '../hub-api.ts';
import type { PhotoView } from '#domain/views.ts';
import { allOf, type ReadModel } from '../read-model.ts';

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
    rowsOf(desk.model.member, circle, wanted.map(memberId)),
    rowsOf(desk.model.person, circle, wanted.map(personId))
  ]);
  const names = new Map([
    ...members.flatMap((row) => (row.record.name ? [[row.record.person, row.record.name] as const] : [])),
    ...rows.map((row) => [row.author, row.record.name] as const)
  ]);
  const me = desk.me();
  return (person) => names.get(person) ?? (person === me.id ? me.name : '');
}

// The rows of a whole circle are one question, unless it is a town.
const fewRows = 8;
const wholeCircle = 300;

/** Rows by their ids; of many ids by one look at all of the circle's. */
async function rowsOf<T extends { id: string }>(
  table: Table<T, [string, string]>,
  circle: string,
  ids: readonly string[]
): Promise<T[]> {
  if (ids.length > fewRows) {
    const all = await allOf(table, circle).limit(wholeCircle).toArray();
    const wanted = new Set(ids);
    if (all.length < wholeCircle) return all.filter(({ id }) => wanted.has(id));
  }
  const rows = await table.bulkGet(ids.map((id) => [circle, id]));
  return rows.filter((row) => row !== undefined);
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
