import MiniSearch from 'minisearch';
import type { ListingRow, ReadModel } from './read-model.ts';
import { searchOptions, type SearchEntry } from './search-words.ts';

/** A circle's shelf by words; follows the rows instead of being built anew. */
export type SearchIndex = {
  find(text: string, limit: number): string[];
  /** Looks again at these listings, or at all of them. */
  follow(listings: string[] | 'many'): Promise<void>;
};

export async function openSearchIndex(model: ReadModel, circle: string): Promise<SearchIndex> {
  let index = createIndex();

  async function build(): Promise<void> {
    const rows = await model.listing.where('[circle+shelfAt]').between([circle, ''], [circle, '\uffff']).toArray();
    const fresh = createIndex();
    fresh.addAll(rows.map(entryOf));
    index = fresh;
  }

  async function look(ids: string[]): Promise<void> {
    const rows = await model.listing.bulkGet(ids.map((id) => [circle, id]));
    rows.forEach((row, at) => {
      const id = ids[at]!;
      if (index.has(id)) index.discard(id);
      if (row?.shelfAt) index.add(entryOf(row));
    });
  }

  await build();
  return {
    find(text, limit) {
      return index
        .search(text)
        .slice(0, limit)
        .map((found) => found.id as string);
    },
    follow: (listings) => (listings === 'many' ? build() : look(listings))
  };
}

const createIndex = () => new MiniSearch<SearchEntry>(searchOptions);

function entryOf({ id, record }: ListingRow): SearchEntry {
  return { id, title: record.title, text: `${record.text} ${record.condition ?? ''}` };
}
