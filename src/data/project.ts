import { parseRecordId } from '#domain/id.ts';
import { isKind, kinds, type KindName } from '#domain/kinds.ts';
import { shelfKeys } from '#domain/listing/listing-view.ts';
import { parseRecord, type AnyRecord } from '#domain/record.ts';
import type { Stored } from './log.ts';
import type { AboutListing, ListingRow, Row, Subjected } from './read-model.ts';

/** Raised when these functions would yield other rows for the same records: the tables are then replayed. */
export const projectionVersion = 2;

/** What one document means for the tables of its kind: `row` null takes it out. */
export type Projection = { kind: KindName; id: string; row: Row | null };

/** The records that decide a listing's derived columns. */
export type Relations = Pick<Parameters<typeof shelfKeys>[0], 'allotment' | 'claims' | 'picks' | 'handovers' | 'hides'>;

/**
 * R8: total. Any document has one answer: a row, no row (deleted, or not valid as it stands now), or null for what has
 * no table here (no record id, an unknown kind, a kind not at home in this database).
 */
export function project(circle: string, doc: Stored): Projection | null {
  const parts = parseRecordId(doc._id);
  if (!parts || !isKind(parts.kind)) return null;
  const { kind } = parts;
  if (kinds[kind].home !== (circle === 'me' ? 'me' : 'circle')) return null;
  const gone = { kind, id: doc._id, row: null };
  if (doc._deleted) return gone;
  const { _conflicts, ...fields } = doc;
  void _conflicts;
  const parsed = parseRecord(fields);
  if (!parsed.ok) return gone;
  return { kind, id: doc._id, row: rowOf(circle, parts.author, parsed.record) };
}

/** The listing a record is about, by its id alone, since keys are subjects: itself, its claim's, its hide's … */
export function listingOf(id: string): string | null {
  const parts = parseRecordId(id);
  if (!parts) return null;
  if (parts.kind === 'listing') return id;
  return parts.kind in aboutListing ? listingOf(parts.key) : null;
}

/** R9: a listing's row from the record and all that was said about it, whatever the order in which they came. */
export function listingRow(row: Row<'listing'>, about: Relations): ListingRow {
  const { record } = row;
  const { onShelf, state, left } = shelfKeys({ listing: record, ...about });
  const at = new Date(record.createdAt).toISOString();
  const direction = record.direction ?? 'offer';
  const free = record.price === null || record.price.amountMinor === 0;
  return {
    circle: row.circle,
    id: row.id,
    author: row.author,
    record,
    at,
    ...(onShelf && { shelfAt: at }),
    ...(onShelf && direction === 'wanted' && { wantedAt: at }),
    ...(onShelf && free && { freeAt: at }),
    category: record.category ?? '',
    direction,
    free,
    state,
    left,
    heldFor: holders(about.allotment)
  };
}

function holders(allotment: Relations['allotment']): string[] {
  const given = (allotment?.places ?? []).filter((place) => place.state === 'given');
  return [...new Set(given.flatMap((place) => parseRecordId(place.claim)?.author ?? []))];
}

const aboutListing: { [K in KindName]?: true } = {
  claim: true,
  pick: true,
  handover: true,
  hide: true,
  allotment: true
};

function rowOf(circle: string, author: string, record: AnyRecord): Row {
  const row: Row = { circle, id: record._id, author, record };
  switch (record.kind) {
    case 'claim':
    case 'pick':
    case 'handover':
      return {
        ...row,
        listing: listingOf(record._id) ?? ''
      } as AboutListing<'claim' | 'pick' | 'handover'>;
    case 'comment':
    case 'hide':
      return { ...row, subject: record.subject } as Subjected<'comment' | 'hide'>;
    default:
      return row;
  }
}
