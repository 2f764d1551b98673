import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const read = (path: string) => readFileSync(path, 'utf8');
const sources = globSync('{src,tests,scripts}/**/*.{ts,js,svelte}', { exclude: ['src/paraglide/**'] }).map(read);
const found = (pattern: RegExp) =>
  new Set(sources.flatMap((source) => [...source.matchAll(pattern)].map(([, cited]) => cited!)));

describe('what the code points to', () => {
  const design = read('docs/design.md');

  it.each([...found(/[Dd]esign §(\d+)/g)])('has a section %s in the design', (section) =>
    expect(design).toMatch(new RegExp(`^## ${section}\\.`, 'm'))
  );

  it.each([...found(/\b(R\d{1,2})\b/g)])('has a rule %s in the design', (rule) =>
    expect(design).toContain(`- **${rule}** `)
  );
});

describe('the outside surface', () => {
  const surface = read('docs/surface.md');

  it.each([...found(/path: '(\/api\/[^']+)'/g)])('tells of %s', (path) => expect(surface).toMatch(` ${path}\``));
});
