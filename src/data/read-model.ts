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

/** Columns the projection derives (R9), so that any page of the shelf is one range of an index. */
export type ListingRow = Row<'listing'> & {
  at: string;
  category: string;
  direction: 'offer' | 'wanted';
  free: 0 | 1;
  onShelf: 0 | 1;
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
  listing: [
    byId,
    '[circle+onShelf+at]',
    '[circle+onShelf+category+at]',
    '[circle+onShelf+direction+at]',
    '[circle+onShelf+free+at]',
    '[circle+author+at]'
  ].join(', '),
  photo: byId,
  claim: `${byId}, [circle+listing], [circle+author]`,
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
  model.version(1).stores({ ...tables, projected: 'circle' });
  return model;
}
