import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** Faults of the hub that take too long for `npm test`. */
export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: {
    include: ['tests/faults/**/*.test.ts'],
    environment: 'node',
    testTimeout: 300_000,
    hookTimeout: 120_000,
    fileParallelism: false // each has processes of its own, which want the cores
  }
});
