/** What stands between the smaller and the greater half. */
export const median = (samples: readonly number[]): number => percentile(samples, 50);

/** The smallest sample that at least so many of a hundred do not exceed. */
export function percentile(samples: readonly number[], percent: number): number {
  if (samples.length === 0) throw new RangeError('Nothing was measured');
  const sorted = [...samples].sort((a, b) => a - b);
  const rank = (percent / 100) * sorted.length;
  // An even number of samples has its middle between two of them.
  if (percent === 50 && Number.isInteger(rank)) return (sorted[rank - 1]! + sorted[rank]!) / 2;
  return sorted[Math.max(0, Math.ceil(rank) - 1)]!;
}

/** The same engines, each time another of them first: whoever comes first in a round pays for what the last one left. */
export function rotated<T>(list: readonly T[], by: number): T[] {
  const at = list.length === 0 ? 0 : by % list.length;
  return [...list.slice(at), ...list.slice(0, at)];
}

/** As many digits as the measuring is good for. */
export function rounded(value: number): number {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return Number(value.toFixed(digits));
}
