// How many cases a Playwright run would have, for saying what was not run.
import { execFileSync } from 'node:child_process';
import { node, root } from './ground.js';

export function countCases(args = []) {
  const cli = ['node_modules/@playwright/test/cli.js', 'test', '--list', '--reporter=json', ...args];
  const list = execFileSync(node, cli, { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  const count = (suite) => suite.specs.length + (suite.suites ?? []).reduce((sum, one) => sum + count(one), 0);
  return JSON.parse(list).suites.reduce((sum, suite) => sum + count(suite), 0);
}
