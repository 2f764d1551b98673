// A build is stale when what it was made of has changed: content counts, times do not.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './ground.js';

const sources = [
  'src',
  'messages',
  'static',
  'project.inlang/settings.json',
  'package.json',
  'package-lock.json',
  'svelte.config.js',
  'tsconfig.json',
  'vite.config.ts',
  'scripts/lean-pouchdb.ts',
  'scripts/paraglide.js',
  'scripts/preload-shelf.js'
];
const generated = join('src', 'paraglide');
const stampFile = join(root, 'build', 'stamp');

function* filesUnder(path) {
  if (path === generated || path.endsWith('.test.ts') || !existsSync(join(root, path))) return;
  if (!statSync(join(root, path)).isDirectory()) yield path;
  else for (const name of readdirSync(join(root, path)).sort()) yield* filesUnder(join(path, name));
}

/** One hash over the paths and contents of everything that a build is made of. */
export function contentStamp() {
  const hash = createHash('sha256');
  for (const source of sources) {
    for (const file of filesUnder(source)) {
      const content = readFileSync(join(root, file));
      hash.update(`${file}\0${content.length}\0`).update(content);
    }
  }
  return hash.digest('hex');
}

export function isStale() {
  return !existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== contentStamp();
}

export function writeStamp(stamp) {
  writeFileSync(stampFile, stamp);
}
