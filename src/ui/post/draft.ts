import type { RecordId } from '#domain/id.ts';
import {
  mostPhotos,
  type Category,
  type Haggle,
  type Listing,
  type ListingBody,
  type PartialRule,
  type Rule
} from '#domain/listing/listing.ts';
import { minorDigits, parsePriceMinor } from '#domain/money.ts';
import { m } from '#messages';
import { guessCategory } from './guess-category.ts';

export const currency = 'CNY';
const longestTitle = 200; // what the record takes

/** What stands in the form, as typed; kept on every keystroke. */
export type PostDraft = {
  words: string;
  direction: 'offer' | 'wanted';
  price: string;
  free: boolean;
  haggle?: Haggle;
  quantity: number;
  unit: string;
  rule: Rule;
  partial: PartialRule;
  condition?: string;
  /** It was last time's, and nobody has looked at it yet. */
  conditionAsLast?: boolean;
  /** As chosen; null for “none of them”. While it is undefined the words tell. */
  category?: Category | null;
  /** As the browser's own date field writes it, in local time. */
  closesAt: string;
};

/** A picture that stands in the record already, or one still to be taken in. */
export type DraftPhoto = { key: string; id: RecordId } | { key: string; blob: Blob };

export type Problems = Partial<Record<'words' | 'price' | 'closesAt' | 'photos', string>>;

/** An empty form, with what was chosen last time. */
export function newDraft(remembered: Partial<PostDraft> = {}): PostDraft {
  return {
    words: '',
    direction: 'offer',
    price: '',
    free: false,
    quantity: 1,
    unit: '',
    rule: 'first-come',
    partial: 'skip',
    closesAt: '',
    ...remembered
  };
}

export function draftOf(listing: Pick<Listing, keyof ListingBody>): PostDraft {
  const price = listing.price;
  return newDraft({
    words: listing.text ? `${listing.title}\n${listing.text}` : listing.title,
    direction: listing.direction ?? 'offer',
    price: price ? String(price.amountMinor / 10 ** minorDigits(price.currency)) : '',
    free: price === null && !listing.haggle && listing.direction !== 'wanted',
    haggle: listing.haggle,
    quantity: listing.quantity,
    unit: listing.unit ?? '',
    rule: listing.rule,
    partial: listing.partial ?? 'skip',
    condition: listing.condition,
    category: listing.category ?? null,
    closesAt: listing.closesAt ? localMinutes(listing.closesAt) : ''
  });
}

/** The category that the draft goes out with. */
export function categoryOf({ category, words }: PostDraft): Category | undefined {
  return category === undefined ? guessCategory(words) : (category ?? undefined);
}

/** What is wrong with the form, by field, in words; nothing where it can go out. */
export function problemsOf(draft: PostDraft, photos: number, nowMs: number): Problems {
  const { title } = titleAndText(draft.words);
  const problems: Problems = {};
  if (title === '') problems.words = m.post_needs_words();
  else if (title.length > longestTitle) problems.words = m.post_title_long({ most: longestTitle });
  if (draft.price.trim() !== '') {
    if (parsePriceMinor(draft.price, currency) === null) problems.price = m.post_price_unclear();
  } else if (!draft.free && !draft.haggle && draft.direction === 'offer') problems.price = m.post_needs_price();
  if (draft.closesAt !== '' && !(Date.parse(draft.closesAt) > nowMs)) problems.closesAt = m.post_closes_past();
  if (photos > mostPhotos) problems.photos = m.post_photos_most({ most: mostPhotos });
  return problems;
}

/** The record's fields; only of a draft without problems. Absent choices are undefined, so that an edit takes them away. */
export function bodyOf(draft: PostDraft, photos: RecordId[]): ListingBody {
  const amountMinor = draft.price.trim() === '' ? 0 : parsePriceMinor(draft.price, currency)!;
  const wanted = draft.direction === 'wanted';
  return {
    ...titleAndText(draft.words),
    direction: draft.direction,
    price: amountMinor > 0 ? { amountMinor, currency } : null,
    haggle: draft.haggle,
    quantity: draft.quantity,
    unit: draft.unit.trim() || undefined,
    rule: draft.rule,
    partial: draft.quantity > 1 && draft.partial === 'split' ? 'split' : undefined,
    condition: wanted ? undefined : draft.condition,
    category: categoryOf(draft),
    photos,
    closesAt: draft.closesAt ? new Date(draft.closesAt).toISOString() : undefined
  };
}

function titleAndText(words: string): { title: string; text: string } {
  const [title = '', ...rest] = words.trim().split('\n');
  return { title: title.trim(), text: rest.join('\n').trim() };
}

function localMinutes(at: string): string {
  const date = new Date(at);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
