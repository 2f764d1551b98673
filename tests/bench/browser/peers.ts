import { showArrivals } from './arrivals.ts';
import { offer } from './page.ts';

const module = { type: 'module' } as const;

offer({
  rxdb: () => new Worker(new URL('./rxdb.worker.ts', import.meta.url), module),
  pouchdb: () => new Worker(new URL('./pouchdb.worker.ts', import.meta.url), module)
});
showArrivals();
