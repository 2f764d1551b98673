import { readModelName, tabsName } from './names.ts';
import type { TabWord } from './protocol.ts';
import { openReadModel, type ReadModel } from './read-model.ts';
import { openSearchIndex, type SearchIndex } from './search-index.ts';

// A worker of its own, started by the first search: MiniSearch is neither loaded nor run before.

export type SearchRequest = { number: number; account: string; circle: string; text: string; limit: number };
/** An answer, or the word that a circle's index has followed its rows: what was answered before may be out of date. */
export type SearchAnswer = { number: number; ids: string[] } | { followed: string };

let model: ReadModel | null = null;
const indices = new Map<string, Promise<SearchIndex>>();

function open(account: string): ReadModel {
  const tabs = new BroadcastChannel(tabsName(account));
  tabs.addEventListener('message', ({ data }: MessageEvent<TabWord>) => {
    if (data.type !== 'changed') return;
    const index = indices.get(data.circle);
    // A search asked after this waits for it; one asked just before, on the page's own word of the change, is told.
    if (!index) return;
    const followed = index.then((it) => it.follow(data.listings).then(() => it));
    indices.set(data.circle, followed);
    void followed.then(
      () => self.postMessage({ followed: data.circle } satisfies SearchAnswer),
      () => indices.delete(data.circle)
    );
  });
  return openReadModel(readModelName(account));
}

self.addEventListener('message', ({ data }: MessageEvent<SearchRequest>) => void answer(data));

async function answer({ number, account, circle, text, limit }: SearchRequest): Promise<void> {
  model ??= open(account);
  const index = indices.get(circle) ?? openSearchIndex(model, circle);
  indices.set(circle, index);
  const ids = await index.then(
    (it) => it.find(text, limit),
    () => {
      indices.delete(circle);
      return [];
    }
  );
  self.postMessage({ number, ids } satisfies SearchAnswer);
}
