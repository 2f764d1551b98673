import type { Listing } from '#domain/listing/listing.ts';

/** A listing as the peers keep it: the columns that are asked for, and the record. */
export type PlainListing = { id: string; title: string; category: string; at: string; record: object };

export function plainOf(listing: Listing): PlainListing {
  const { _id: id, title, category = '', createdAt } = listing;
  const { _id, ...record } = listing;
  void _id;
  return { id, title, category, at: new Date(createdAt).toISOString(), record };
}
