import type { Collection } from 'dexie';
import { hasBegun } from '../device-store.ts';
import type { ShelfFilter } from '../queries/shelf.ts';
import type { ShelfCard } from '#domain/views.ts';
import { writtenBy, type ListingRow } from '../read-model.ts';
import { cardsOf } from './cards.ts';
import type { Desk } from './desk.ts';

type Ask = { circle: string; filter: ShelfFilter; limit: number };

/** The newest listings of a circle: one range of one index, read from its end; null before its first page is here. */
export async function shelfPage(desk: Desk, { circle, filter, limit }: Ask): Promise<ShelfCard[] | null> {
  const rows = filter.mine ? await myNewest(desk, circle, filter, limit) : await newest(desk, circle, filter, limit);
  if (rows.length === 0 && !hasBegun(await desk.store.feeds.get(circle))) return null;
  return cardsOf(desk, circle, rows);
}

/** Cards of these listings in this order, without those that are not on the shelf (any more). */
export async function cardsById(desk: Desk, circle: string, ids: string[]): Promise<ShelfCard[]> {
  const rows = await desk.model.listing.bulkGet(ids.map((id) => [circle, id]));
  return cardsOf(
    desk,
    circle,
    rows.filter((row) => row?.shelfAt).map((row) => row!)
  );
}

async function newest(desk: Desk, circle: string, filter: ShelfFilter, limit: number): Promise<ListingRow[]> {
  const now = new Date(desk.now()).toISOString();
  const shows = (row: ListingRow) => fits(row, filter) && !isOver(row, now);
  // A bare range comes in one answer of the browser's, one with a condition row by row: a condition is tried only where
  // something of the range does not show.
  const first = await shelfRange(desk, circle, filter).reverse().limit(limit).toArray();
  if (first.every(shows)) return first;
  return shelfRange(desk, circle, filter).reverse().filter(shows).limit(limit).toArray();
}

/** One person's are few enough to be sorted here. */
async function myNewest(desk: Desk, circle: string, filter: ShelfFilter, limit: number): Promise<ListingRow[]> {
  const rows = await writtenBy(desk.model.listing, circle, desk.me().id).toArray();
  const shown = rows.filter((row) => fits(row, filter));
  return shown.sort((a, b) => (a.at > b.at || (a.at === b.at && a.id > b.id) ? -1 : 1)).slice(0, limit);
}

function shelfRange(desk: Desk, circle: string, filter: ShelfFilter): Collection<ListingRow, [string, string]> {
  const range = (index: string, ...start: string[]) =>
    desk.model.listing.where(index).between([...start, ''], [...start, '\uffff']);
  if (filter.category) return range('[circle+category+shelfAt]', circle, filter.category);
  if (filter.free) return range('[circle+freeAt]', circle);
  if (filter.direction === 'wanted') return range('[circle+wantedAt]', circle);
  return range('[circle+shelfAt]', circle);
}

/** What the range of one index leaves of a filter with several parts. */
function fits(row: ListingRow, filter: ShelfFilter): boolean {
  return (
    (!filter.category || row.category === filter.category) &&
    (!filter.free || row.free) &&
    (!filter.direction || row.direction === filter.direction)
  );
}

function isOver({ record }: ListingRow, now: string): boolean {
  return record.closesAt !== undefined && Date.parse(record.closesAt) <= Date.parse(now);
}
