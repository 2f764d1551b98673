import base from '../../playwright.config.ts';

/** A browser's part in the attacks, on the phone of the journeys. */
export default { ...base, testDir: '.', testMatch: '**/*.browser.ts' };
