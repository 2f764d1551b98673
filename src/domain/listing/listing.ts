import * as v from 'valibot';
import { common, line, make, moment, money, quantity, refTo, terms, words, type At, type Fields } from '../fields.ts';
import { recordId } from '../id.ts';

/** How scarce things are shared out; see `offeredRules` in allot.ts for those that work. */
export const rules = ['first-come', 'giver-picks', 'draw', 'fewest-lately'] as const;
export type Rule = (typeof rules)[number];

/** What a claim that does not fit does: the next that fits passes, or it gets what is left. */
const partials = ['skip', 'split'] as const;
export type PartialRule = (typeof partials)[number];

/** What its author says beside the price; a listing without a price and with one of these is not free. */
export const haggles = ['negotiable', 'swap'] as const;
export type Haggle = (typeof haggles)[number];

/** What the shelf can be narrowed to. */
export const categories = ['clothes', 'food', 'books', 'home', 'kids', 'tools', 'other'] as const;
export type Category = (typeof categories)[number];

/** As many pictures as an album page shows; the first is the cover. */
export const mostPhotos = 9;

const fields = {
  ...common('listing'),
  title: line,
  text: words,
  direction: v.optional(v.picklist(['offer', 'wanted'])),
  price: v.nullable(money),
  haggle: v.optional(v.picklist(haggles)),
  quantity,
  unit: v.optional(line),
  rule: v.picklist(rules),
  partial: v.optional(v.picklist(partials)),
  terms: v.optional(terms),
  condition: v.optional(line),
  category: v.optional(v.picklist(categories)),
  photos: v.pipe(v.array(refTo('photo')), v.maxLength(mostPhotos)),
  closesAt: v.optional(moment),
  status: v.picklist(['open', 'closed', 'withdrawn'])
};

/** A thing on the shelf, offered or wanted. `terms` counts its author's changes of conditions (R5), 1 where absent. */
export const listing = v.looseObject(fields);
export type Listing = Fields<typeof fields>;

/** What its author types; the rest is the envelope. */
export type ListingBody = Pick<Listing, 'title'> & Partial<Omit<Listing, keyof ReturnType<typeof common>>>;

/** A person has many: the key is time-ordered (timeKey). */
export const listingId = (author: string, key: string) => recordId(author, 'listing', key);

/** A whole record; whatever is not said is one free thing, first come, open. */
export function makeListing(body: ListingBody, at: At & { key: string }): Listing {
  return make('listing', at.key, at, {
    text: '',
    direction: 'offer' as const,
    price: null,
    quantity: 1,
    rule: 'first-come' as const,
    terms: 1,
    photos: [],
    status: 'open' as const,
    ...body
  });
}
