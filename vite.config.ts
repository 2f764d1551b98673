import { paraglideVitePlugin } from '@inlang/paraglide-js';
import { sveltekit } from '@sveltejs/kit/vite';
import icons from 'unplugin-icons/vite';
import { defineConfig } from 'vitest/config';
import { hubPlugin } from './scripts/hub-plugin.ts';
import { leanPouchdb } from './scripts/lean-pouchdb.ts';
import { paraglideOptions } from './scripts/paraglide.js';

export default defineConfig({
  plugins: [paraglideVitePlugin(paraglideOptions), icons({ compiler: 'svelte' }), hubPlugin(), sveltekit()],
  build: {
    // What most screens share is one file: thirty small ones compress a third worse.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'base', minShareCount: 8 }] } } }
  },
  worker: { format: 'es', plugins: () => [leanPouchdb()] },
  test: {
    include: ['src/**/*.test.ts', 'tests/{lint,hub}/**/*.test.ts'],
    environment: 'node',
    testTimeout: 20_000,
    hookTimeout: 60_000, // moving people in hashes a password for each
    maxWorkers: 2
  }
});
