// B1's floor: Kit with one line on one page, made, kept offline and served as the app is.
import { join } from 'node:path';
import adapter from '@sveltejs/adapter-node';

// The bench names a folder that goes away with it.
const folder = process.env.EMPTY_SHELL ?? '.svelte-kit';

/** @type {import('@sveltejs/kit').Config} */
export default {
  kit: {
    adapter: adapter({ out: join(folder, 'build') }),
    outDir: join(folder, 'kit'),
    files: { serviceWorker: '../../../src/service-worker.ts' },
    paths: { relative: false },
    version: { name: 'empty' }
  }
};
