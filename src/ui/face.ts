// Each is dark enough for white letters at 4.5:1 in both themes.
const hues = ['#4a6a86', '#9a2c20', '#8a5a10', '#44704c', '#75665c', '#7a4b68', '#3f6d70'] as const;

/** The same name has the same colour on every device. */
export function hueOf(name: string): string {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + letter.codePointAt(0)!) >>> 0;
  return hues[sum % hues.length]!;
}

// A shelf shows many faces, and making one costs more than using it.
const letters = new Intl.Segmenter();

export function firstLetter(name: string): string {
  const [first] = letters.segment(name.trim());
  return (first?.segment ?? '?').toUpperCase();
}
