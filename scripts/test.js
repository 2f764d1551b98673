// npm test: everything that must hold, on a fresh clone too. Ends with "N passed, N failed" alone on a line.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBrowser } from './browser.js';
import { ensureInstalled, node, run } from './ground.js';
import { isStale } from './stamp.js';

await ensureInstalled();
const reports = mkdtempSync(join(tmpdir(), 'jujube-test-'));
const count = { passed: 0, failed: 0 };
const failedSteps = [];

async function step(name, act) {
  const from = performance.now();
  console.log(`\n── ${name}`);
  const ok = await act();
  console.log(`── ${name}: ${ok ? 'good' : 'FAILED'}, ${((performance.now() - from) / 1000).toFixed(1)} s`);
  if (!ok) failedSteps.push(name);
  return ok;
}

const program = (name, ...args) => run(name, args).then((code) => code === 0);

/** Runs a test runner and adds what its report counts; a report without a test is a failure. */
async function tests(file, act, countOf) {
  const path = join(reports, file);
  const ok = await act(path);
  try {
    const { passed, failed } = countOf(JSON.parse(readFileSync(path, 'utf8')));
    count.passed += passed;
    count.failed += failed;
    return ok && failed === 0 && passed > 0;
  } catch {
    return false;
  }
}

await step('messages and types of the framework', async () => {
  return (await program(node, 'scripts/paraglide.js')) && (await program('svelte-kit', 'sync'));
});
await step('format', () => program('prettier', '--check', '--log-level', 'warn', '.'));
await step('lint', () => program('eslint', '.', '--max-warnings', '0'));
await step('types', () => program('svelte-check', '--tsconfig', './tsconfig.json', '--fail-on-warnings'));
await step('unit', () =>
  tests(
    'unit.json',
    (path) => program('vitest', 'run', '--reporter=dot', '--reporter=json', `--outputFile.json=${path}`),
    (report) => ({ passed: report.numPassedTests, failed: report.numFailedTests })
  )
);
const built = await step('build', async () => !isStale() || program(node, 'scripts/build.js'));
if (built) {
  await step('journeys', async () => {
    if ((await ensureBrowser()) === null) return false;
    return tests(
      'journeys.json',
      (path) =>
        run('playwright', ['test', '--reporter=list,json'], { env: { PLAYWRIGHT_JSON_OUTPUT_FILE: path } }).then(
          (code) => code === 0
        ),
      ({ stats }) => ({ passed: stats.expected + stats.flaky, failed: stats.unexpected + stats.skipped })
    );
  });
} else failedSteps.push('journeys (not run: there is no build)');

rmSync(reports, { recursive: true, force: true });
if (failedSteps.length > 0) console.log(`\nFailed: ${failedSteps.join(', ')}`);
// A step that failed without a failed test (format, types, a crash) counts as one, so that the line never looks better than the run.
const failed = Math.max(count.failed, failedSteps.length);
console.log(`\n${count.passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
