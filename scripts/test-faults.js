// npm run test:faults: what goes wrong in the real thing, on the built app and a hub process of its own; on CouchDB where
// COUCHDB_URL names one, under fresh prefixes that are removed again. Arguments choose files. Ends with "N passed, N failed".
import { ensureBrowser } from './browser.js';
import { ensureBuilt } from './build.js';
import { countCases } from './count-cases.js';
import { ensureInstalled } from './ground.js';
import { createSteps } from './steps.js';

await ensureInstalled();
await ensureBuilt();
const { step, tests, close } = createSteps();
const url = process.env.COUCHDB_URL;
const chosen = process.argv.slice(2);
const inHub = chosen.filter((name) => !name.endsWith('.fault.ts'));
const inBrowser = chosen.filter((name) => !name.endsWith('.test.ts'));

// These say themselves how many cases were not run on CouchDB.
if (chosen.length === 0 || inHub.length > 0) {
  await step('faults of the hub', () => tests('vitest', ['--config', 'tests/faults/vitest.config.ts', ...inHub]));
}
if (chosen.length === 0 || inBrowser.length > 0) {
  const config = ['--config', 'tests/faults/playwright.config.ts', ...inBrowser];
  await step('faults of phones and hub', async () => {
    if ((await ensureBrowser()) === null) return false;
    return tests('playwright', config, url ? { JOURNEYS_ON_COUCHDB: url } : {});
  });
  if (!url) console.log(`NOT RUN: couchdb (${countCases(config)} cases)`);
}
close();
