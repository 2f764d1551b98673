import { acceptStore, storeCases } from '../../src/server/embedded/testing/acceptance.ts';
import { createMemoryCouch } from './memory-couch.ts';

acceptStore(
  'the database in memory',
  async () => ({ url: 'http://memory', fetch: createMemoryCouch().fetch, stop: async () => undefined }),
  storeCases
);
