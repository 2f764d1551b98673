// npm run test:attack: what an attacker tries and the one right answer, the floods too, and a browser's part in a real Chromium; on
// CouchDB as well where COUCHDB_URL names one. Ends with "N passed, N failed".
import { ensureBrowser } from './browser.js';
import { ensureBuilt } from './build.js';
import { countCases } from './count-cases.js';
import { ensureInstalled } from './ground.js';
import { createSteps } from './steps.js';

await ensureInstalled();
await ensureBuilt();
const { step, tests, close } = createSteps();

const url = process.env.COUCHDB_URL;
const config = ['--config', 'tests/attack/playwright.config.ts'];

// These say themselves how many cases were not run for want of a CouchDB.
await step('attacks on the hub', () => tests('vitest', ['--config', 'tests/attack/vitest.config.ts']));
await step('attacks by way of a browser', async () => {
  return (await ensureBrowser()) !== null && tests('playwright', config, url ? { JOURNEYS_ON_COUCHDB: url } : {});
});
if (!url) console.log(`NOT RUN: couchdb (${countCases(config)} cases)`);
close();
