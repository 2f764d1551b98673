import { defineConfig } from '@playwright/test';
import base from '../../playwright.config.ts';

/** A browser's part in the attacks, on the phone of the journeys. */
export default defineConfig({
  ...base,
  projects: [{ name: 'attack', testDir: '.', testMatch: '**/*.browser.ts' }],
  outputDir: '../../test-results/attack'
});
