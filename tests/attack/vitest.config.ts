import { defineConfig, mergeConfig } from 'vitest/config';
import base from '../../vite.config.ts';

/** What `npm test` runs of the attacks, and the floods, one after the other: each needs the machine for itself. */
export default mergeConfig(
  base,
  defineConfig({
    test: {
      root: new URL('../..', import.meta.url).pathname,
      include: ['tests/attack/**/*.flood.ts'],
      testTimeout: 120_000,
      fileParallelism: false
    }
  })
);
