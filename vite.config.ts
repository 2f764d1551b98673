import { paraglideVitePlugin } from '@inlang/paraglide-js';
import { sveltekit } from '@sveltejs/kit/vite';
import icons from 'unplugin-icons/vite';
import { defineConfig } from 'vitest/config';
import { hubPlugin } from './scripts/hub-plugin.ts';
import { leanPouchdb } from './scripts/lean-pouchdb.ts';
import { paraglideOptions } from './scripts/paraglide.js';

/** The minifier has read its annotations; licences stay. */
const comments = { annotation: false, jsdoc: false, legal: true };

/** Where the shelf begins; each brings along what it imports. */
const onTheWayToTheShelf =
  /\/kit\/src\/runtime\/client\/entry\.js$|\/src\/routes\/(c\/\[circle\]\/)?\+(layout|page)\.(svelte|ts)$/;

export default defineConfig({
  plugins: [paraglideVitePlugin(paraglideOptions), icons({ compiler: 'svelte' }), hubPlugin(), sveltekit()],
  resolve: {
    // The package's own door leads to a build for browsers of 2015.
    alias: [{ find: /^dexie$/, replacement: 'dexie/dist/modern/dexie.mjs' }]
  },
  build: {
    // All that the shelf needs is one file, since thirty small ones compress a third worse; other screens come when opened.
    rolldownOptions: { output: { comments, codeSplitting: { groups: [{ name: 'shelf', test: onTheWayToTheShelf }] } } }
  },
  worker: { format: 'es', plugins: () => [leanPouchdb()], rolldownOptions: { output: { comments } } },
  test: {
    include: ['src/**/*.test.ts', 'tests/{lint,hub,attack,bench,sim,demo}/**/*.test.ts'],
    environment: 'node',
    testTimeout: 20_000,
    hookTimeout: 60_000, // moving people in hashes a password for each
    maxWorkers: 2
  }
});
