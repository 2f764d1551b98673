import type { SearchAnswer, SearchRequest } from '#data/search-worker.ts';

type Wanted = Omit<SearchRequest, 'number'>;

declare global {
  interface Window {
    /** Asks the app's own search worker as the shelf does; what the page waits is what a person waits. */
    search(wanted: Wanted): Promise<{ ms: number; rows: string[] }>;
    /** The same question to the worker that has nothing but MiniSearch. */
    bareSearch(text: string, limit: number): Promise<{ ms: number; rows: string[] }>;
    /** The longest task of the page's own thread since the last call, in milliseconds; 0 where none was above 50. */
    longestTask(): number;
  }
}

export function offerSearch(): void {
  let worker: Worker | null = null;
  let number = 0;
  window.search = async (wanted) => {
    worker ??= new Worker(new URL('../../../src/data/search-worker.ts', import.meta.url), { type: 'module' });
    const mine = ++number;
    const from = performance.now();
    const rows = await new Promise<string[]>((resolve, reject) => {
      worker!.onerror = ({ message }) => reject(new Error(message));
      worker!.onmessage = ({ data }: MessageEvent<SearchAnswer>) => {
        if ('number' in data && data.number === mine) resolve(data.ids);
      };
      worker!.postMessage({ number: mine, ...wanted } satisfies SearchRequest);
    });
    return { ms: performance.now() - from, rows };
  };
  window.bareSearch = async (text, limit) => {
    const from = performance.now();
    const rows = (await window.ask('minisearch', 'find', [text, limit])) as string[];
    return { ms: performance.now() - from, rows };
  };

  let longest = 0;
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
  }).observe({ type: 'longtask' });
  window.longestTask = () => {
    const told = longest;
    longest = 0;
    return told;
  };
}
