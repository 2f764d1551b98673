import { defineConfig, devices } from '@playwright/test';
import { findBrowser } from './scripts/browser.js';

const executablePath = await findBrowser();
if (executablePath === null) throw new Error('No Chromium here: run `npm test` once, it finds or installs one.');

/** A phone as most members hold it, and a browser that talks to nobody but the hub. */
export default defineConfig({
  projects: [
    { name: 'journeys', testDir: 'tests/journeys', testMatch: '**/*.journey.ts' },
    // The others take minutes: `npm run test:faults`.
    { name: 'quick faults', testDir: 'tests/faults', testMatch: '**/*.fault.ts', grep: /@quick/ }
  ],
  fullyParallel: true,
  forbidOnly: true,
  workers: 2,
  timeout: 120_000,
  expect: { timeout: 10_000 },
  use: {
    ...devices['Pixel 5'],
    viewport: { width: 360, height: 740 },
    locale: 'en',
    actionTimeout: 10_000,
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync'
      ]
    }
  }
});
