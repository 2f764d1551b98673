import type { Collection } from 'dexie';
import type { ShelfFilter } from '../queries/shelf.ts';
import type { ShelfCard } from '#domain/views.ts';
import type { ListingRow } from '../read-model.ts';
import { cardsOf } from './cards.ts';
import type { Desk } from './desk.ts';

type Ask = { circle: string; filter: ShelfFilter; limit: number };

/** The newest listings of a circle: one range of one index, read from its end; null before its first page is here. */
export async function shelfPage(desk: Desk, { circle, filter, limit }: Ask): Promise<ShelfCard[] | null> {
  const now = new Date(desk.now()).toISOString();
  const shows = (row: ListingRow) => fits(row, filter, desk.me().id) && (filter.mine || !isOver(row, now));
  // A bare range comes in one answer of the browser's, one with a condition row by row: a condition is tried only where
  // something of the range does not show.
  const first = await newest(desk, circle, filter).reverse().limit(limit).toArray();
  const isWhole = first.every(shows);
  const rows = isWhole ? first : await newest(desk, circle, filter).reverse().filter(shows).limit(limit).toArray();
  if (rows.length === 0 && !(await desk.store.feeds.get(circle))) return null;
  return cardsOf(desk, circle, rows);
}

/** Cards of these listings in this order, without those that are not on the shelf (any more). */
export async function cardsById(desk: Desk, circle: string, ids: string[]): Promise<ShelfCard[]> {
  const rows = await desk.model.listing.bulkGet(ids.map((id) => [circle, id]));
  return cardsOf(
    desk,
    circle,
    rows.filter((row) => row?.onShelf === 1).map((row) => row!)
  );
}

function newest(desk: Desk, circle: string, filter: ShelfFilter): Collection<ListingRow, [string, string]> {
  const { listing } = desk.model;
  const range = (index: string, ...start: (string | number)[]) =>
    listing.where(index).between([...start, ''], [...start, '\uffff']);
  if (filter.mine) return range('[circle+author+at]', circle, desk.me().id);
  if (filter.category) return range('[circle+onShelf+category+at]', circle, 1, filter.category);
  if (filter.free) return range('[circle+onShelf+free+at]', circle, 1, 1);
  if (filter.direction) return range('[circle+onShelf+direction+at]', circle, 1, filter.direction);
  return range('[circle+onShelf+at]', circle, 1);
}

/** What the range of one index leaves of a filter with several parts. */
function fits(row: ListingRow, filter: ShelfFilter, me: string): boolean {
  return (
    (!filter.category || row.category === filter.category) &&
    (!filter.free || row.free === 1) &&
    (!filter.direction || row.direction === filter.direction) &&
    (!filter.mine || row.author === me)
  );
}

function isOver({ record }: ListingRow, now: string): boolean {
  return record.closesAt !== undefined && Date.parse(record.closesAt) <= Date.parse(now);
}
