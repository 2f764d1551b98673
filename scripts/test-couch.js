// npm run test:couch: the hub's tests and the journeys on the CouchDB of COUCHDB_URL, under fresh prefixes that are removed again.
// Ends with "N passed, N failed".
import { ensureBrowser } from './browser.js';
import { ensureBuilt } from './build.js';
import { countCases } from './count-cases.js';
import { ensureInstalled } from './ground.js';
import { createSteps } from './steps.js';

await ensureInstalled();
await ensureBuilt();
const { step, tests, close } = createSteps();
const url = process.env.COUCHDB_URL;

// These say themselves how many cases were not run.
await step('the hub', () => tests('vitest', ['src/server', 'tests/hub']));
if (url) {
  await step(
    'journeys',
    async () => (await ensureBrowser()) !== null && tests('playwright', [], { JOURNEYS_ON_COUCHDB: url })
  );
} else console.log(`NOT RUN: couchdb (${countCases()} cases)`);
close();
