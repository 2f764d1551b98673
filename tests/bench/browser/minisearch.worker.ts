// B3's floor: MiniSearch itself, in a worker like ours, with our words and our way of combining them.
import MiniSearch from 'minisearch';
import { searchOptions, type SearchEntry } from '#data/search-words.ts';
import { seededListings } from '../documents.ts';
import { expose } from './rpc.ts';

const index = new MiniSearch<SearchEntry>(searchOptions);

expose({
  fill(seed: number, count: number) {
    const entries = seededListings(seed, count).map(({ _id, title, text, condition = '' }) => ({
      id: _id,
      title,
      text: `${text} ${condition}`
    }));
    // In the order of the shipped index, which is built from the newest page of the tables.
    index.addAll(entries);
  },
  find(text: string, limit: number) {
    return index
      .search(text)
      .slice(0, limit)
      .map(({ id }) => id as string);
  }
});
