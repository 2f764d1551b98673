import { join } from 'node:path';
import { build } from 'vite';
import { root } from '../../scripts/ground.js';
import { leanPouchdb } from '../../scripts/lean-pouchdb.ts';

const source = join(root, 'tests', 'bench', 'browser');

// The peers come as their packages are; the shipped modules go through what the app's own build does to them.
const pages = [
  {
    name: 'shipped.html',
    plugins: () => [leanPouchdb()],
    alias: [{ find: /^dexie$/, replacement: 'dexie/dist/modern/dexie.mjs' }]
  },
  { name: 'peers.html', plugins: () => [], alias: [] }
];

/** Bundles the pages that run the engines into `folder`; they are served under `/bench/`. */
export async function buildPages(folder: string): Promise<void> {
  for (const { name, plugins, alias } of pages) {
    await build({
      configFile: false,
      root: source,
      base: '/bench/',
      logLevel: 'error',
      resolve: { alias },
      worker: { format: 'es', plugins },
      build: { outDir: folder, emptyOutDir: false, rolldownOptions: { input: join(source, name) } }
    });
  }
}
