import base from '../../vite.config.ts';

/** Besides what `npm test` runs: floods and guesses that take longer, one after the other, since each watches the whole machine. */
export default {
  ...base,
  test: {
    ...base.test,
    include: ['tests/attack/**/*.test.ts', 'tests/attack/**/*.flood.ts'],
    testTimeout: 120_000,
    fileParallelism: false
  }
};
