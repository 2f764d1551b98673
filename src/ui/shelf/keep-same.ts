/**
 * The new rows, each the old object where nothing in it changed, and the old list itself where nothing changed at all: a
 * longer window then draws the new rows alone.
 */
export function keepSame<T extends { id: string }>(before: readonly T[], now: readonly T[]): readonly T[] {
  const known = new Map(before.map((row) => [row.id, row]));
  const kept = now.map((row) => {
    const old = known.get(row.id);
    return old && isSame(old, row) ? old : row;
  });
  const isAsBefore = kept.length === before.length && kept.every((row, index) => row === before[index]);
  return isAsBefore ? before : kept;
}

// Twice as fast as comparing JSON, which a thousand rows would feel.
function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const [one, other] = [a as Record<string, unknown>, b as Record<string, unknown>];
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => isSame(one[key], other[key]));
}
