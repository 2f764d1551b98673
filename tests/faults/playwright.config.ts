import { defineConfig } from '@playwright/test';
import base from '../../playwright.config.ts';

/** All faults, one after another: a hub that is killed must not share its cores with a measured wait. */
export default defineConfig({
  ...base,
  projects: [{ name: 'faults', testDir: '.', testMatch: '**/*.fault.ts' }],
  outputDir: '../../test-results/faults',
  workers: 1,
  timeout: 300_000
});
