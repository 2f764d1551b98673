import { createSubscriber } from 'svelte/reactivity';
import { ask, onClose } from '../device.ts';
import type { SearchAnswer, SearchRequest } from '../search-worker.ts';
import { session } from '../session.svelte.ts';
import type { ShelfCard } from '#domain/views.ts';

let worker: Worker | null = null;
let number = 0;
const waiting = new Map<number, (ids: string[]) => void>();
const askers = new Set<() => void>();
const untilFollowed = createSubscriber((update) => {
  askers.add(update);
  return () => askers.delete(update);
});

/** Listings of a circle that match the words typed so far, best first; a live query asks again when the index has followed. */
export async function searchShelf(circle: string, text: string, limit: number): Promise<ShelfCard[]> {
  untilFollowed();
  const account = session.me?.id;
  if (!account || text.trim() === '') return [];
  const ids = await find({ account, circle, text, limit });
  return ask('cardsById', circle, ids);
}

function find(wanted: Omit<SearchRequest, 'number'>): Promise<string[]> {
  worker ??= start();
  const request = { number: ++number, ...wanted } satisfies SearchRequest;
  const answer = new Promise<string[]>((resolve) => waiting.set(request.number, resolve));
  worker.postMessage(request);
  return answer;
}

function start(): Worker {
  const started = new Worker(new URL('../search-worker.ts', import.meta.url), { type: 'module', name: 'search' });
  started.onmessage = ({ data }: MessageEvent<SearchAnswer>) => {
    if ('followed' in data) return askers.forEach((update) => update());
    waiting.get(data.number)?.(data.ids);
    waiting.delete(data.number);
  };
  // Its index is one person's: it ends with the device it was opened for.
  onClose(() => {
    started.terminate();
    worker = null;
    waiting.clear();
  });
  return started;
}
