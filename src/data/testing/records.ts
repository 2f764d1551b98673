import { claimId, makeClaim } from '#domain/claim/claim.ts';
import { makeListing, type listingId } from '#domain/listing/listing.ts';
import type { Doc } from '../log.ts';

/** When everything in these tests is written. */
export const now = '2026-03-01T08:00:00.000Z';

type Subject = ReturnType<typeof listingId>;

/** A thing on the shelf, its author's. */
export const pot = (author: string, key = 'pot', title = 'Pot') =>
  makeListing({ title }, { author, key, now }) as unknown as Doc;

export const claimOf = (author: string, subject: Subject, note?: string) =>
  makeClaim({ subject, note }, { author, now }) as unknown as Doc;

/** What an allotment says of one thing, first come first served. */
export const terms = { terms: 1, price: null, quantity: 1, rule: 'first-come', at: now } as const;

export const given = (who: string, subject: Subject, arrival: number) => ({
  claim: claimId(who, subject),
  quantity: 1,
  arrival,
  state: 'given' as const,
  why: { code: 'in-order' as const, rule: 'first-come' as const, arrival, ahead: arrival - 1 }
});
