import type { TermsEntry } from './allotment/allotment.ts';
import { authorOf, type RecordId } from './id.ts';
import type { Listing, PartialRule, Rule } from './listing/listing.ts';

/** What its author may change only by raising `terms` (R5). */
export type Conditions = Omit<TermsEntry, 'terms' | 'at'>;

/** Whatever is scarce and can be claimed, whichever kind states it (R6). */
export type Offer = {
  id: RecordId;
  author: string;
  state: 'open' | 'closed' | 'withdrawn';
  capacity: number;
  rule: Rule;
  partial: PartialRule;
  terms: number;
  conditions: Conditions;
  closesAt?: string;
};

/** A listing as the offer it makes; a wanted one offers to take as many as it says. */
export function offerOf(listing: Listing): Offer {
  return {
    id: listing._id,
    author: authorOf(listing._id),
    state: listing.status,
    capacity: listing.quantity,
    rule: listing.rule,
    partial: listing.partial ?? 'skip',
    terms: listing.terms ?? 1,
    conditions: conditionsOf(listing),
    closesAt: listing.closesAt
  };
}

/** Whether an offer takes claims at this moment of the hub's clock: open, and not past its closing time. */
export function isOpen(offer: Offer, now: string): boolean {
  return offer.state === 'open' && (offer.closesAt === undefined || Date.parse(now) < Date.parse(offer.closesAt));
}

/** Whether two sets of conditions say the same; the order of fields and absent ones do not matter. */
export function sameConditions(a: Conditions, b: Conditions): boolean {
  return (
    a.price?.amountMinor === b.price?.amountMinor &&
    a.price?.currency === b.price?.currency &&
    a.unit === b.unit &&
    a.quantity === b.quantity &&
    a.rule === b.rule &&
    a.condition === b.condition &&
    a.closesAt === b.closesAt
  );
}

/** R5: whether this change is one of terms: price, unit, quantity, rule, condition or closing time. */
export function termsChanged(before: Listing, after: Listing): boolean {
  return !sameConditions(conditionsOf(before), conditionsOf(after));
}

/** R5: the listing with its author's change, its terms raised where the change is one of terms. */
export function withTerms(before: Listing, change: Partial<Listing>): Listing {
  const terms = before.terms ?? 1;
  const after = { ...before, ...change, terms };
  return termsChanged(before, after) ? { ...after, terms: terms + 1 } : after;
}

function conditionsOf({ price, unit, quantity, rule, condition, closesAt }: Listing): Conditions {
  return {
    price: price && { amountMinor: price.amountMinor, currency: price.currency },
    ...(unit !== undefined && { unit }),
    quantity,
    rule,
    ...(condition !== undefined && { condition }),
    ...(closesAt !== undefined && { closesAt })
  };
}
