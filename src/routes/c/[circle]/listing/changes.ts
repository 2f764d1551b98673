import type { Listing } from '#domain/listing/listing.ts';
import { withTerms } from '#domain/offer.ts';
import { change } from '#data/write.ts';
import { m } from '#messages';
import { showToast } from '#ui/kit/toast.svelte.ts';
import { priceAfter, type NewPrice } from '#ui/shelf/price-change.ts';

/** Changes one listing of mine; its terms are raised where the change is one of terms (R5). */
export const changeListing = (circle: string, id: string, fields: Partial<Listing>) =>
  change<Listing>(circle, id, (before) => withTerms(before, fields));

/** [S17] Several at once; "Undo" sets each back to what it was, as one more change that everybody sees. */
export async function setPrices(circle: string, ids: readonly string[], price: NewPrice) {
  const before = new Map<string, Listing['price']>();
  for (const id of ids) {
    await change<Listing>(circle, id, (listing) => {
      before.set(id, listing.price);
      return withTerms(listing, { price: priceAfter(listing.price, price, listing.price?.currency ?? 'CNY') });
    });
  }
  showToast({
    text: m.listing_prices_changed({ count: ids.length }),
    undo: () => before.forEach((old, id) => void changeListing(circle, id, { price: old }))
  });
}

/** Takes several off the shelf. Whoever stood in line is released and stays so when it is put back. */
export async function retire(circle: string, ids: readonly string[]) {
  const before = new Map<string, Listing['status']>();
  for (const id of ids) {
    await change<Listing>(circle, id, (listing) => {
      before.set(id, listing.status);
      return withTerms(listing, { status: 'withdrawn' });
    });
  }
  showToast({
    text: m.listing_retired({ count: ids.length }),
    undo: () => before.forEach((status, id) => void changeListing(circle, id, { status }))
  });
}
