// npm run test:couch: the hub's tests and the journeys on the CouchDB of COUCHDB_URL, under fresh prefixes that are removed again.
import { execFileSync } from 'node:child_process';
import { ensureBuilt } from './build.js';
import { ensureInstalled, must, node, root } from './ground.js';

await ensureInstalled();
await ensureBuilt();
const url = process.env.COUCHDB_URL;

// These say themselves how many cases were not run.
await must('vitest', ['run', 'src/server', 'tests/hub']);
if (url) await must('playwright', ['test'], { env: { JOURNEYS_ON_COUCHDB: url } });
else {
  const list = execFileSync(node, ['node_modules/@playwright/test/cli.js', 'test', '--list', '--reporter=json'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024
  });
  const count = (suite) => suite.specs.length + (suite.suites ?? []).reduce((sum, one) => sum + count(one), 0);
  const cases = JSON.parse(list).suites.reduce((sum, suite) => sum + count(suite), 0);
  console.log(`NOT RUN: couchdb (${cases} cases)`);
}
