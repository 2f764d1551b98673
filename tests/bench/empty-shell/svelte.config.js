// B1's floor: Kit with one line on one page, made, kept offline and served as the app is.
import adapter from '@sveltejs/adapter-node';

/** @type {import('@sveltejs/kit').Config} */
export default {
  kit: {
    adapter: adapter({ out: '.svelte-kit/build' }),
    files: { serviceWorker: '../../../src/service-worker.ts' },
    paths: { relative: false },
    version: { name: 'empty' }
  }
};
