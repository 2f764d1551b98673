export type NewPrice = { kind: 'set'; amountMinor: number } | { kind: 'less'; percent: number };

type Money = { amountMinor: number; currency: string };

/** Those whose price the change really changes: a cut leaves free things free. */
export function changedBy<T extends { price: Money | null }>(
  things: readonly T[],
  change: NewPrice,
  currency: string
): T[] {
  return things.filter(
    ({ price }) => priceAfter(price, change, currency)?.amountMinor !== (price?.amountMinor || undefined)
  );
}

/** The price after the change; what is free stays free unless a price is set, and a cut rounds to whole tenths of a unit. */
export function priceAfter(before: Money | null, change: NewPrice, currency: string): Money | null {
  if (change.kind === 'set') return change.amountMinor > 0 ? { amountMinor: change.amountMinor, currency } : null;
  if (!before) return null;
  const exact = before.amountMinor * (1 - change.percent / 100);
  return { ...before, amountMinor: Math.max(10, Math.round(exact / 10) * 10) };
}
