// npm run test:couch: the hub's tests and the journeys on the CouchDB of COUCHDB_URL, under fresh prefixes that are removed again.
import { ensureBuilt } from './build.js';
import { countCases } from './count-cases.js';
import { ensureInstalled, must } from './ground.js';

await ensureInstalled();
await ensureBuilt();
const url = process.env.COUCHDB_URL;

// These say themselves how many cases were not run.
await must('vitest', ['run', 'src/server', 'tests/hub']);
if (url) await must('playwright', ['test'], { env: { JOURNEYS_ON_COUCHDB: url } });
else console.log(`NOT RUN: couchdb (${countCases()} cases)`);
