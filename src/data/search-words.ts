import type { Options } from 'minisearch';

export type SearchEntry = { id: string; title: string; text: string };

// Han, kana and hangul are written without spaces: each sign is a word, and so is each pair of neighbours.
// `Intl.Segmenter` finds 冰箱 but not the 箱 in it (tried).
const spaceless = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]+/gu;
const spaced = /[\p{L}\p{N}]+/gu;

/** The words of a text as the index keeps them: single signs and pairs for what has no spaces, else lower-case words. */
export function indexWords(text: string): string[] {
  const { runs, rest } = split(text);
  return [...runs.flatMap((run) => [...signs(run), ...pairs(run)]), ...(rest.match(spaced) ?? [])];
}

/** The words of a search: pairs where there are any, since single signs would find too much. */
export function searchWords(text: string): string[] {
  const { runs, rest } = split(text);
  return [...runs.flatMap((run) => (signs(run).length > 1 ? pairs(run) : [run])), ...(rest.match(spaced) ?? [])];
}

/** How a circle's shelf is searched: every word has to be found, a title counts more than a text. */
export const searchOptions: Options<SearchEntry> = {
  fields: ['title', 'text'],
  tokenize: indexWords,
  processTerm: (term) => term,
  searchOptions: {
    tokenize: searchWords,
    combineWith: 'AND',
    // What is still being typed: the beginning of a word finds it; pairs of signs are whole already.
    prefix: (term) => /^[\p{Script=Latin}\p{N}]+$/u.test(term),
    boost: { title: 3 }
  }
};

function split(text: string): { runs: string[]; rest: string } {
  const plain = text.normalize('NFKC').toLowerCase();
  return { runs: plain.match(spaceless) ?? [], rest: plain.replace(spaceless, ' ') };
}

function signs(run: string): string[] {
  return Array.from(run);
}

function pairs(run: string): string[] {
  const all = signs(run);
  return all.slice(1).map((sign, index) => all[index]! + sign);
}
