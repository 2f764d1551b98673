// B1's floor: Kit with one line on one page, made, kept offline and served as the app is.
import { join } from 'node:path';
import adapter from '@sveltejs/adapter-node';

const folder = process.env.EMPTY_SHELL;
if (!folder) throw new Error('Say in EMPTY_SHELL where it is to be built');

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
