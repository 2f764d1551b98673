import { Dexie, type DexieOptions, type Table } from 'dexie';
import type { KindName } from '#domain/kinds.ts';
import type { RecordOf } from '#domain/record.ts';
import type { LogSeq } from './log.ts';

/** One record as screens look it up; `circle` is `me` for one's own database, `id` the record's. */
export type Row<K extends KindName = KindName> = {
  circle: string;
  id: string;
  author: string;
  record: RecordOf<K>;
};

/**
 * Columns the projection derives (R9), so that any page of the shelf is one range of an index. What is not on the shelf, not
 * wanted or not free lacks the column and so the entry: entries are most of what a joined circle costs.
 */
export type ListingRow = Row<'listing'> & {
  at: string;
  /** `at` again, of what is on the shelf; `wantedAt` and `freeAt` of what of that is wanted, or free. */
  shelfAt?: string;
  wantedAt?: string;
  freeAt?: string;
  category: string;
  direction: 'offer' | 'wanted';
  free: boolean;
  state: 'available' | 'reserved' | 'gone';
  left: number;
  heldFor: string[];
};
/** What belongs to a listing finds it by `listing`, however deep its subject lies. */
export type AboutListing<K extends 'claim' | 'pick' | 'handover'> = Row<K> & { listing: string };
export type Subjected<K extends 'comment' | 'hide'> = Row<K> & { subject: string };

/** Up to where a circle's log is in these tables, by which version of the projection. */
export type Projected = { circle: string; seq: LogSeq; version: number };

export type ReadModel = Dexie & {
  person: Table<Row<'person'>, [string, string]>;
  listing: Table<ListingRow, [string, string]>;
  photo: Table<Row<'photo'>, [string, string]>;
  claim: Table<AboutListing<'claim'>, [string, string]>;
  pick: Table<AboutListing<'pick'>, [string, string]>;
  handover: Table<AboutListing<'handover'>, [string, string]>;
  comment: Table<Subjected<'comment'>, [string, string]>;
  hide: Table<Subjected<'hide'>, [string, string]>;
  message: Table<Row<'message'>, [string, string]>;
  circle: Table<Row<'circle'>, [string, string]>;
  member: Table<Row<'member'>, [string, string]>;
  allotment: Table<Row<'allotment'>, [string, string]>;
  delivered: Table<Row<'delivered'>, [string, string]>;
  projected: Table<Projected, string>;
};

const byId = '[circle+id]';

/** One table a kind; the first index is the primary key. */
export const tables: Record<KindName, string> = {
  person: byId,
  listing: `${byId}, [circle+shelfAt], [circle+category+shelfAt], [circle+wantedAt], [circle+freeAt]`,
  photo: byId,
  claim: `${byId}, [circle+listing]`,
  pick: `${byId}, [circle+listing]`,
  handover: `${byId}, [circle+listing]`,
  comment: `${byId}, [circle+subject]`,
  hide: `${byId}, [circle+subject]`,
  message: byId,
  circle: byId,
  member: byId,
  allotment: byId,
  delivered: byId
};

export const kindTables = Object.keys(tables) as KindName[];

/** The tables that screens query. Disposable: dropped and replayed from the logs they are equal (R9). */
export function openReadModel(name: string, options: DexieOptions = {}): ReadModel {
  // Only workers write and every worker tells the others; Dexie's own watch over queries would be paid for nothing.
  const model = new Dexie(name, { autoOpen: true, cache: 'disabled', ...options }) as ReadModel;
  model.version(2).stores({ ...tables, projected: 'circle' });
  return model;
}

/** All rows of a circle. */
export function allOf<T>(table: Table<T, [string, string]>, circle: string) {
  return table.where(byId).between([circle, ''], [circle, '\uffff']);
}

/** All of one kind that this person wrote in a circle: ids begin with their author (R1), so this needs no index of its own. */
export function writtenBy<T>(table: Table<T, [string, string]>, circle: string, author: string) {
  const start = `${author}:${table.name}:`;
  return table.where(byId).between([circle, start], [circle, `${start}\uffff`]);
}
