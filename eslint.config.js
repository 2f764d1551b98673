import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import svelte from 'eslint-plugin-svelte';
import { defineConfig } from 'eslint/config';
import globals from 'globals';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

// The walls: routes → ui → domain, routes → data → domain, server → domain. What a layer may not reach is a pattern of
// the import's text (`regex`, since `group` reads `#` as a comment and would forbid nothing).
const layers = 'domain|data|server|ui|routes';
const otherLayerByPath = {
  regex: `^(\\.\\./)+(src/)?(${layers})/`,
  message: 'Across layers use the aliases of package.json (#domain/…), inside a layer a path that stays in it.'
};
const missingExtension = {
  regex: `^(\\.{1,2}/|#(${layers})/)(?!(.*/)?\\$types$)(?!.*\\.(ts|js|svelte|css|json)(\\?.*)?$)`,
  message: 'Write the file’s extension: Node runs these files as they are.'
};
const reach = (names, message) => ({ regex: `^#(${names})(/|$)`, message });
const onlyDomainAnd = (...packages) => ({
  regex: `^(?!(${packages.join('|')})$|\\.{1,2}/|#domain/)`,
  message: 'The domain is pure: it imports valibot and itself.'
});

const everyTestRuns = {
  selector:
    'MemberExpression[object.name=/^(it|test|describe)$/][property.name=/^(skip|skipIf|runIf|only|todo|fixme)$/]',
  message: 'Every test runs.'
};

// One list of patterns holds for `import … from`, `export … from`, `import()`, `import('…')` as a type and `new URL('…')`
// (which is how a worker is named).
function wall(files, ...forbidden) {
  const patterns = [otherLayerByPath, ...forbidden];
  const inEsquery = (regex) => regex.replaceAll('/', '\\u002F');
  const syntax = patterns.flatMap(({ regex, message }) => [
    { selector: `ImportExpression[source.value=/${inEsquery(regex)}/]`, message },
    { selector: `TSImportType[source.value=/${inEsquery(regex)}/]`, message },
    { selector: `ImportExpression[source.type="TemplateLiteral"]`, message: 'Name what is imported in one literal.' }
  ]);
  const byUrl = [otherLayerByPath, ...forbidden.filter(({ regex }) => regex.startsWith('^#'))].map(
    ({ regex, message }) => ({
      selector: `NewExpression[callee.name="URL"] > Literal[value=/${inEsquery(regex)}/]`,
      message
    })
  );
  return {
    files,
    rules: {
      'no-restricted-imports': ['error', { patterns: [missingExtension, ...patterns] }],
      'no-restricted-syntax': ['error', ...uniqueBySelector([...syntax, ...byUrl, everyTestRuns])]
    }
  };
}

const uniqueBySelector = (list) => [...new Map(list.map((entry) => [entry.selector, entry])).values()];

const walls = [
  wall(['src/domain/**'], onlyDomainAnd('valibot')),
  wall(['src/domain/**/*.test.ts', 'src/domain/testing/**'], onlyDomainAnd('valibot', 'vitest', 'fast-check')),
  wall(
    ['src/data/**'],
    reach('server|ui|routes|messages|language', 'data knows the domain alone; routes put data and screens together.')
  ),
  wall(['src/server/**'], reach('data|ui|routes', 'The hub knows the domain alone.')),
  wall(['src/ui/**'], reach('data|server|routes', 'Components take props and call back; routes call data.')),
  wall(['src/routes/**', 'src/service-worker.ts'], reach('server', 'The app reaches the hub over the network alone.')),
  wall(
    ['tests/neighbour.ts', 'tests/demo/**'],
    reach('data|server|ui|routes', 'A neighbour has nothing but the public calls.')
  )
];

const impure = ['fetch', 'crypto', 'process', 'setTimeout', 'setInterval', 'localStorage', 'performance'];

export default defineConfig(
  { ignores: ['build/', '.svelte-kit/', 'src/paraglide/', 'shots/', 'test-results/', 'playwright-report/', 'data/'] },
  js.configs.recommended,
  ts.configs.recommended,
  svelte.configs.recommended,
  prettier,
  svelte.configs.prettier,
  {
    linterOptions: { noInlineConfig: true },
    languageOptions: { globals: { ...globals.browser, ...globals.node } },
    rules: {
      'no-undef': 'off', // the type check does this, and knows more
      eqeqeq: 'error',
      'object-shorthand': 'error',
      'prefer-const': ['error', { destructuring: 'all' }],
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true, argsIgnorePattern: '^_' }],
      'no-restricted-imports': ['error', { patterns: [missingExtension] }]
    }
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser, svelteConfig } },
    rules: {
      'prefer-const': 'off', // $props and $state are declared with let
      'svelte/prefer-const': ['error', { destructuring: 'all' }],
      'svelte/no-navigation-without-resolve': 'off' // the app always lives at the root of its origin
    }
  },
  // What is declared anew to be merged keeps the names of the original's type parameters.
  { files: ['**/*.d.ts'], rules: { '@typescript-eslint/no-unused-vars': 'off' } },
  { files: ['src/{domain,data,ui,routes}/**'], rules: { 'no-console': 'error' } },
  {
    files: ['tests/**/*.ts'],
    rules: {
      // Playwright reads from `{}` that a fixture needs no other.
      'no-empty-pattern': ['error', { allowObjectPatternsAsParameters: true }],
      'no-restricted-syntax': ['error', everyTestRuns]
    }
  },
  walls,
  {
    files: ['src/domain/**'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-globals': ['error', ...impure.map((name) => ({ name, message: 'The domain is pure.' }))],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'Time is an argument.' },
        { object: 'Math', property: 'random', message: 'Randomness is an argument.' }
      ]
    }
  }
);
