import { ESLint } from 'eslint';
import { beforeAll, describe, expect, it } from 'vitest';

const eslint = new ESLint();

// The first file brings all of ESLint with it, which on a busy machine takes longer than a test may.
beforeAll(async () => void (await faults('src/domain/id.ts', '')), 120_000);

async function faults(filePath: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath });
  return (result?.messages ?? [])
    .filter(({ ruleId }) => ruleId === 'no-restricted-imports' || ruleId === 'no-restricted-syntax')
    .map(({ message }) => message);
}

const forbidden: [from: string, to: string][] = [
  ['src/domain/id.ts', '#data/log.ts'],
  ['src/domain/id.ts', '#server/couch.ts'],
  ['src/domain/id.ts', '#ui/format.ts'],
  ['src/domain/id.ts', '#messages'],
  ['src/domain/id.ts', '#language'],
  ['src/domain/id.ts', 'node:crypto'],
  ['src/domain/id.ts', 'dexie'],
  ['src/domain/id.ts', 'svelte'],
  ['src/domain/id.ts', 'valibot/extra'],
  ['src/domain/listing/listing.test.ts', '#data/log.ts'],
  ['src/domain/listing/listing.test.ts', 'node:fs'],
  ['src/domain/testing/histories.ts', 'node:fs'],
  ['src/data/log.ts', '#server/couch.ts'],
  ['src/data/log.ts', '#ui/format.ts'],
  ['src/data/log.ts', '#messages'],
  ['src/data/queries/shelf.ts', '#language'],
  ['src/data/queries/shelf.ts', '../../ui/format.ts'],
  ['src/data/sync.svelte.ts', '#ui/kit/toast.svelte.ts'],
  ['src/server/main.ts', '#data/log.ts'],
  ['src/server/main.ts', '#ui/format.ts'],
  ['src/server/gate/gate.ts', '../../data/log.ts'],
  ['src/server/hub.test.ts', '#data/log.ts'],
  ['src/ui/format.ts', '#data/log.ts'],
  ['src/ui/format.ts', '#server/couch.ts'],
  ['src/ui/format.ts', '../data/log.ts'],
  ['src/routes/pwa.svelte.ts', '#server/couch.ts'],
  ['src/routes/me/+page.ts', '../../server/couch.ts'],
  ['src/service-worker.ts', '#server/couch.ts'],
  ['tests/demo/claims.ts', '#server/couch.ts'],
  ['tests/neighbour.ts', '#data/log.ts']
];

const allowed: [from: string, to: string][] = [
  ['src/domain/id.ts', 'valibot'],
  ['src/domain/listing/listing.ts', '../id.ts'],
  ['src/domain/listing/listing.test.ts', 'fast-check'],
  ['src/domain/testing/histories.ts', 'fast-check'],
  ['src/data/log.ts', '#domain/id.ts'],
  ['src/data/queries/shelf.ts', '../read-model.ts'],
  ['src/server/main.ts', '#messages'],
  ['src/server/main.ts', '#domain/id.ts'],
  ['src/ui/format.ts', '#language'],
  ['src/routes/me/+page.ts', '#data/session.svelte.ts'],
  ['src/routes/me/+page.ts', './$types']
];

describe('the walls between the layers', () => {
  it.each(forbidden)('%s may not import %s, in whatever form', async (from, to) => {
    const forms = {
      static: `import * as it from '${to}';\nconsole.log(it);\n`,
      'for its effect': `import '${to}';\n`,
      'of a type': `import type { It } from '${to}';\nexport type Mine = It;\n`,
      're-export': `export * from '${to}';\n`,
      dynamic: `await import('${to}');\n`,
      'as a type': `export type It = import('${to}').It;\n`,
      'by template': `await import(\`${to}\`);\n`
    };
    for (const [form, code] of Object.entries(forms)) expect(await faults(from, code), form).not.toEqual([]);
  });

  it.each([
    ['src/ui/format.ts', '../data/worker.ts'],
    ['src/ui/format.ts', '#data/worker.ts'],
    ['src/data/log.ts', '../server/main.ts']
  ])('%s may not start a worker at %s', async (from, to) => {
    expect(await faults(from, `new Worker(new URL('${to}', import.meta.url));\n`)).not.toEqual([]);
  });

  it.each([
    ['src/ui/Card.svelte', '#data/log.ts'],
    ['src/routes/+page.svelte', '#server/couch.ts']
  ])('a component stays behind the wall too: %s may not import %s', async (from, to) => {
    const code = `<script lang="ts">\n  import { it } from '${to}';\n</script>\n\n{it}\n`;
    expect(await faults(from, code)).not.toEqual([]);
  });

  it.each(allowed)('%s may import %s', async (from, to) => {
    expect(await faults(from, `import * as it from '${to}';\nconsole.log(it);\n`)).toEqual([]);
  });

  it.each(['./id', '#domain/id', '../record'])('an import names its extension: not %s', async (to) => {
    expect(await faults('src/domain/listing/listing.ts', `export * from '${to}';\n`)).not.toEqual([]);
  });
});

describe('tests', () => {
  it('are never skipped or run alone', async () => {
    for (const call of ['it.skip', 'test.only', 'describe.todo', 'it.skipIf(true)']) {
      for (const file of ['tests/hub/a.test.ts', 'src/domain/id.test.ts', 'src/server/hub.test.ts'])
        expect(await faults(file, `${call}('x', () => {});\n`), `${call} in ${file}`).not.toEqual([]);
    }
  });
});
