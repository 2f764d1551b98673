import { expect, it } from 'vitest';
import { filesOf, nodesOf, withPreloads } from '../../scripts/preload-shelf.js';

const manifest = {
  'generated/nodes/0.js': { file: 'nodes/0.a.js', imports: ['_shelf.js'] },
  'generated/nodes/1.js': { file: 'nodes/1.b.js', imports: ['_shelf.js', '_empty.js'] },
  'generated/nodes/2.js': { file: 'nodes/2.c.js', imports: ['_shelf.js'] },
  'generated/nodes/4.js': { file: 'nodes/4.d.js' },
  '_shelf.js': { file: 'chunks/shelf.e.js' },
  '_empty.js': { file: 'chunks/empty.f.js', imports: ['_shelf.js'] }
};
const sources: Record<string, string> = {
  'generated/nodes/0.js': 'export * from "../../src/routes/+layout.svelte"',
  'generated/nodes/1.js': 'export * from "../../src/routes/+error.svelte"',
  'generated/nodes/2.js': 'export * from "../../src/routes/c/[circle]/+layout.svelte"',
  'generated/nodes/4.js': 'export * from "../../src/routes/c/[circle]/+page.svelte"'
};
const read = (path: string) => sources[path]!;

it('the shell preloads what Kit asks for on a shelf’s path, each file once', () => {
  const nodes = nodesOf(manifest, read);
  expect(nodes).toEqual(['generated/nodes/1.js', 'generated/nodes/2.js', 'generated/nodes/4.js']);
  const files = filesOf(manifest, nodes);
  expect(files).toEqual(['nodes/1.b.js', 'nodes/2.c.js', 'nodes/4.d.js', 'chunks/shelf.e.js', 'chunks/empty.f.js']);
  const html = '<head><link href="/chunks/shelf.e.js" rel="modulepreload"></head>';
  expect(withPreloads(html, files).match(/href="[^"]+"/g)).toEqual(
    ['chunks/shelf.e.js', 'nodes/1.b.js', 'nodes/2.c.js', 'nodes/4.d.js', 'chunks/empty.f.js'].map(
      (file) => `href="/${file}"`
    )
  );
});

it('a build that lacks a screen of the shelf is no build', () => {
  const { 'generated/nodes/4.js': _page, ...rest } = manifest;
  expect(() => nodesOf(rest, read)).toThrow('c/[circle]/+page.svelte');
});
