import { getLocale } from '#language';

type Money = { amountMinor: number; currency: string };

// To make one costs a hundred times what using it does, and a shelf needs two a card; a new language is a new page.
const made = new Map<string, unknown>();

function once<T>(name: string, make: () => T): T {
  if (!made.has(name)) made.set(name, make());
  return made.get(name) as T;
}

/** Money as people write it: no ".00" on whole amounts, the short sign of the currency. */
export function formatMoney({ amountMinor, currency }: Money): string {
  const { format, minor } = once(currency, () => {
    const format = new Intl.NumberFormat(getLocale(), {
      style: 'currency',
      currency,
      currencyDisplay: 'narrowSymbol',
      trailingZeroDisplay: 'stripIfInteger'
    });
    return { format, minor: 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2) };
  });
  return format.format(amountMinor / minor);
}

export function formatNumber(value: number): string {
  // As every language of ours writes them; a cold start that counts nothing larger makes no format at all.
  if (Number.isInteger(value) && value >= 0 && value < 1_000) return String(value);
  return once('number', () => new Intl.NumberFormat(getLocale())).format(value);
}

const steps: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60]
];

/** "10 minutes ago"; beyond a week the date itself. */
export function relativeTime(at: string, nowMs: number): string {
  const seconds = (Date.parse(at) - nowMs) / 1000;
  if (Number.isNaN(seconds)) return '';
  if (Math.abs(seconds) >= 7 * 86_400) return formatDate(at);
  const words = once('ago', () => new Intl.RelativeTimeFormat(getLocale(), { numeric: 'auto', style: 'short' }));
  for (const [unit, size] of steps) {
    if (Math.abs(seconds) >= size) return words.format(Math.trunc(seconds / size), unit);
  }
  return words.format(0, 'second');
}

export function formatDate(at: string): string {
  const date = new Date(at);
  const sameYear = date.getFullYear() === new Date().getFullYear();
  const make = () =>
    new Intl.DateTimeFormat(getLocale(), {
      month: 'short',
      day: 'numeric',
      ...(sameYear ? {} : { year: 'numeric' })
    });
  return once(sameYear ? 'day' : 'day and year', make).format(date);
}

export function formatDateTime(at: string): string {
  return new Intl.DateTimeFormat(getLocale(), {
    month: 'short',
    day: 'numeric',
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23'
  }).format(new Date(at));
}

export function formatTime(at: string | number): string {
  return new Intl.DateTimeFormat(getLocale(), { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(
    new Date(at)
  );
}
