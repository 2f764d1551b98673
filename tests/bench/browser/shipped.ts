import { offer } from './page.ts';
import { offerSaving } from './saving.ts';
import { offerSearch } from './search.ts';

const module = { type: 'module' } as const;

offer({
  newest: () => new Worker(new URL('./newest.worker.ts', import.meta.url), module),
  join: () => new Worker(new URL('./join.worker.ts', import.meta.url), module),
  year: () => new Worker(new URL('./year.worker.ts', import.meta.url), module),
  'search-fill': () => new Worker(new URL('./search.worker.ts', import.meta.url), module),
  minisearch: () => new Worker(new URL('./minisearch.worker.ts', import.meta.url), module)
});
offerSearch();
offerSaving();
