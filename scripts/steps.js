// What the commands that test have in common: steps with their time, counts out of the runners' reports, one closing line.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './ground.js';

/** Whether a program of the project ended well. */
export const program = (name, ...args) => run(name, args).then((code) => code === 0);

/** Vitest and Playwright write down what they ran; `args` come after the reporters. */
const runners = {
  vitest: {
    run: (path, args) =>
      program('vitest', 'run', '--reporter=dot', '--reporter=json', `--outputFile.json=${path}`, ...args),
    count: (report) => ({ passed: report.numPassedTests, failed: report.numFailedTests })
  },
  playwright: {
    run: (path, args, env) =>
      run('playwright', ['test', '--reporter=list,json', ...args], {
        env: { PLAYWRIGHT_JSON_OUTPUT_FILE: path, ...env }
      }).then((code) => code === 0),
    count: ({ stats }) => ({ passed: stats.expected + stats.flaky, failed: stats.unexpected + stats.skipped })
  }
};

export function createSteps() {
  const reports = mkdtempSync(join(tmpdir(), 'jujube-test-'));
  const count = { passed: 0, failed: 0 };
  const failedSteps = [];

  return {
    async step(name, act) {
      const from = performance.now();
      console.log(`\n── ${name}`);
      const ok = await act();
      console.log(`── ${name}: ${ok ? 'good' : 'FAILED'}, ${((performance.now() - from) / 1000).toFixed(1)} s`);
      if (!ok) failedSteps.push(name);
      return ok;
    },

    /** Runs a test runner and adds what its report counts; a report without a test is a failure. */
    async tests(runner, args = [], env = {}) {
      const { run, count: countOf } = runners[runner];
      const path = join(reports, `${runner}.json`);
      const ok = await run(path, args, env);
      try {
        const { passed, failed } = countOf(JSON.parse(readFileSync(path, 'utf8')));
        count.passed += passed;
        count.failed += failed;
        return ok && failed === 0 && passed > 0;
      } catch {
        return false;
      } finally {
        rmSync(path, { force: true }); // the next run of the same runner is not to be taken for this one
      }
    },

    /** A step that could not even be tried. */
    miss(name) {
      failedSteps.push(name);
    },

    /** Prints "N passed, N failed" alone on a line and sets the exit code. */
    close() {
      rmSync(reports, { recursive: true, force: true });
      if (failedSteps.length > 0) console.log(`\nFailed: ${failedSteps.join(', ')}`);
      // A step that failed without a failed test (format, types, a crash) counts as one, so that the line never looks better than the run.
      const failed = Math.max(count.failed, failedSteps.length);
      console.log(`\n${count.passed} passed, ${failed} failed`);
      process.exitCode = failed === 0 ? 0 : 1;
    }
  };
}
