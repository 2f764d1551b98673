import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** @typedef {Record<string, { file: string, imports?: string[] }>} Manifest Vite's, by source. */

/** What Kit asks for once it has started on a shelf's path. */
const screens = [
  'src/routes/+error.svelte',
  'src/routes/c/[circle]/+layout.svelte',
  'src/routes/c/[circle]/+page.svelte'
];

/**
 * Wraps an adapter: the shell, which is made for `/`, asks for the shelf's own small files as well and at once. They else
 * travel only when Kit has started and seen the path, which a cold start waits for.
 * @param {import('@sveltejs/kit').Adapter} adapter
 * @returns {import('@sveltejs/kit').Adapter}
 */
export function preloadShelf(adapter) {
  return {
    ...adapter,
    async adapt(builder) {
      const manifest = JSON.parse(readFileSync(builder.getBuildDirectory('output/client/.vite/manifest.json'), 'utf8'));
      const shell = builder.getBuildDirectory('output/prerendered/pages/index.html');
      const nodes = nodesOf(manifest, (path) => readFileSync(join(builder.getBuildDirectory('..'), path), 'utf8'));
      writeFileSync(shell, withPreloads(readFileSync(shell, 'utf8'), filesOf(manifest, nodes)));
      await adapter.adapt(builder);
    }
  };
}

/**
 * Kit's entries that stand for these screens; throws where one is missing, since Kit may come to name them otherwise.
 * @param {Manifest} manifest
 * @param {(path: string) => string} read
 */
export function nodesOf(manifest, read) {
  const nodes = Object.keys(manifest).filter((path) => /\/nodes\/\d+\.js$/.test(path));
  return screens.map((screen) => {
    const found = nodes.find((path) => read(path).includes(`/${screen}"`));
    if (!found) throw new Error(`No file of the build stands for ${screen}`);
    return found;
  });
}

/**
 * The files of these entries and of all that they import.
 * @param {Manifest} manifest
 * @param {string[]} entries
 * @returns {string[]}
 */
export function filesOf(manifest, entries) {
  const seen = new Set(entries);
  for (const entry of seen) for (const each of manifest[entry]?.imports ?? []) seen.add(each);
  return [...seen].flatMap((entry) => manifest[entry]?.file ?? []);
}

/**
 * The page with a preload of each file that it does not name yet.
 * @param {string} html
 * @param {string[]} files
 */
export function withPreloads(html, files) {
  const links = files
    .filter((file) => !html.includes(file))
    .map((file) => `<link href="/${file}" rel="modulepreload">`);
  return html.replace('</head>', `${links.join('')}</head>`);
}
