// npm run test:attack: what an attacker tries and the one right answer, the floods too, and a browser's part in a real Chromium.
import { ensureBrowser } from './browser.js';
import { ensureBuilt } from './build.js';
import { ensureInstalled, must } from './ground.js';

await ensureInstalled();
await ensureBuilt();
// These say themselves how many cases were not run for want of a CouchDB.
await must('vitest', ['run', '--config', 'tests/attack/vitest.config.ts']);
if ((await ensureBrowser()) === null) process.exit(1);
await must('playwright', ['test', '--config', 'tests/attack/playwright.config.ts']);
