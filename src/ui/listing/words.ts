import { m } from '#messages';
import { formatMoney, formatNumber } from '../format.ts';

type Priced = {
  price: { amountMinor: number; currency: string } | null;
  haggle?: 'negotiable' | 'swap';
  direction?: 'offer' | 'wanted';
};

/** "¥45", "free", "swap"; for a thing that is looked for without a price "price open". */
export function priceWords({ price, haggle, direction = 'offer' }: Priced): string {
  if (price && price.amountMinor > 0) return formatMoney(price);
  if (haggle === 'swap') return m.listing_swap();
  if (haggle === 'negotiable') return m.listing_price_open();
  return direction === 'wanted' ? m.listing_price_open() : m.listing_free();
}

/** What stands small beside a price. */
export function besidePrice({ price, haggle }: Priced): string {
  if (!price || !haggle) return '';
  return haggle === 'swap' ? m.listing_or_swap() : m.listing_negotiable();
}

/** "3 斤" / "3 jin"; things without a unit are counted bare. */
export function amountWords(count: number, unit: string | undefined): string {
  return unit
    ? m.listing_amount({ count: formatNumber(count), unit })
    : m.listing_amount_bare({ count: formatNumber(count) });
}

const categories = {
  clothes: m.listing_category_clothes,
  food: m.listing_category_food,
  books: m.listing_category_books,
  home: m.listing_category_home,
  kids: m.listing_category_kids,
  tools: m.listing_category_tools,
  other: m.listing_category_other
};
export type Category = keyof typeof categories;
export const categoryOptions = () =>
  (Object.keys(categories) as Category[]).map((value) => ({ value, label: categories[value]() }));
export const categoryWord = (category: string) => categories[category as Category]?.() ?? category;
