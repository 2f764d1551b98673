import { startStore } from '../../../tests/start-store.ts';
import { acceptStore, storeCases } from './testing/acceptance.ts';
import { feedCases } from './testing/feed-cases.ts';

acceptStore('the embedded store', startStore);

const couchUrl = process.env['COUCHDB_URL'];

if (couchUrl) acceptStore('couchdb', async () => ({ url: couchUrl, stop: async () => {} }));
else console.log(`NOT RUN: couchdb (${storeCases.length + feedCases.length} cases)`);
