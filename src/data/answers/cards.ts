import { claimId } from '#domain/claim/claim.ts';
import { listingView } from '#domain/listing/listing-view.ts';
import { relationsOf } from '../projector.ts';
import type { ShelfCard } from '#domain/views.ts';
import { writtenBy, type ListingRow } from '../read-model.ts';
import { namesOf, photosOf, type Desk } from './desk.ts';

/** Rows of a circle's listings as cards, in their order. Only a listing that I claimed needs its whole view. */
export async function cardsOf(desk: Desk, circle: string, rows: ListingRow[]): Promise<ShelfCard[]> {
  const me = desk.me().id;
  const [names, covers, claims] = await Promise.all([
    namesOf(
      desk,
      circle,
      rows.flatMap((row) => [row.author, ...row.heldFor])
    ),
    photosOf(
      desk,
      circle,
      rows.flatMap((row) => row.record.photos[0] ?? [])
    ),
    // The keys of what I ever claimed here are one answer, and fewer than a page's fifty questions for nearly everybody.
    writtenBy(desk.model.claim, circle, me).primaryKeys()
  ]);
  const mineIds = new Set(claims.map(([, id]) => id));
  const claimed = rows.filter((row) => mineIds.has(claimId(me, row.id)));
  const mine = claimed.length ? await standingOf(desk, circle, claimed) : new Map<string, Standing>();
  return rows.map((row) => ({
    ...shown(row),
    ...(mine.get(row.id) ?? { mine: 'none', myQuantity: 0 }),
    circle,
    authorName: names(row.author),
    cover: covers.get(row.record.photos[0] ?? '') ?? null,
    ...(row.heldFor.length ? { heldFor: row.heldFor.map(names) } : {})
  }));
}

type Standing = Pick<ShelfCard, 'mine' | 'place' | 'why' | 'myQuantity'>;

async function standingOf(desk: Desk, circle: string, rows: ListingRow[]): Promise<Map<string, Standing>> {
  const me = desk.me().id;
  const [about, unsent] = await Promise.all([
    relationsOf(
      desk.model,
      circle,
      rows.map((row) => row.id)
    ),
    desk.store.unsent.bulkGet(rows.map((row) => [circle, claimId(me, row.id)]))
  ]);
  return new Map(
    rows.map((row, index) => {
      const view = listingView({ listing: row.record, ...about(row.id), me, unsentClaim: Boolean(unsent[index]) });
      const { mine, place, why, myQuantity } = view;
      return [row.id, { mine, place, why, myQuantity }];
    })
  );
}

function shown({ author, record, state, left }: ListingRow) {
  return {
    id: record._id,
    author,
    title: record.title,
    direction: record.direction ?? 'offer',
    price: record.price,
    quantity: record.quantity,
    unit: record.unit,
    rule: record.rule,
    category: record.category,
    condition: record.condition,
    closesAt: record.closesAt,
    createdAt: record.createdAt,
    state,
    left
  } as const;
}
