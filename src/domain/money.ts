/** What a person may type around a sum: the signs of our people's currencies, and how they call yuan. */
const around = /^(?:CNY|RMB|[¥￥$€£])?\s*(.*?)\s*(?:CNY|RMB|元|块|圆|[¥￥$€£])?$/i;
const grouped = /^\d{1,3}(?:,\d{3})+(?:\.\d*)?$/;
const plain = /^(?:\d+(?:[.,]\d*)?|[.,]\d+)$/;

/** No price is longer; a pasted page is none. */
const longestPrice = 40;

/** How many digits a currency's minor unit has: 2 for CNY, 0 for JPY; 2 for what is no currency. */
export function minorDigits(currency: string): number {
  try {
    return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  } catch {
    return 2;
  }
}

/**
 * The sum a person typed, in whole minor units: "45", "45.5", "¥４５", "1,200", "12,50" (a comma before one or two last
 * digits is a decimal comma). Null for all else: signs, words, more digits than the currency has, more than is exact.
 */
export function parsePriceMinor(text: string, currency: string): number | null {
  if (text.length > longestPrice) return null;
  const typed = around.exec(text.normalize('NFKC').replaceAll('。', '.').trim())?.[1] ?? '';
  if (!grouped.test(typed) && !plain.test(typed)) return null;
  const decimal = grouped.test(typed) ? typed.replaceAll(',', '') : typed.replace(',', '.');
  const [whole = '', fraction = ''] = decimal.split('.');
  const digits = minorDigits(currency);
  if (fraction.length > digits) return null;
  const minor = Number(whole + fraction.padEnd(digits, '0'));
  return Number.isSafeInteger(minor) ? minor : null;
}
