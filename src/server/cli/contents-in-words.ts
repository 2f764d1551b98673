import type { Tally } from '../backup/format.ts';

/** How much a backup holds, in words. */
export function contentsInWords(sections: readonly Tally[]): string {
  const sum = (count: 'docs' | 'pictures') => sections.reduce((total, section) => total + section[count], 0);
  return `${sections.length - 1} databases with ${sum('docs')} revisions, and ${sum('pictures')} pictures`;
}
