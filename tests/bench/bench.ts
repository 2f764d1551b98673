// npm run bench [-- --json] [--only B2,B3] [--quick] [--seed N]: every row of design §8, measured here and now.
import { parseArgs } from 'node:util';
import { createKit } from './kit.ts';
import { machine } from './machine.ts';
import { lineOf, type Line } from './row.ts';
import { rows } from './rows.ts';
import { tableOf, writeReport } from './report.ts';

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    only: { type: 'string' },
    quick: { type: 'boolean', default: false },
    seed: { type: 'string', default: '302' }
  }
});

const wanted = options.only?.split(',');
const unknown = wanted?.filter((id) => !rows.some((row) => row.id === id)) ?? [];
if (unknown.length > 0) {
  console.error(`No such row: ${unknown.join(', ')}. There are ${rows.map(({ id }) => id).join(', ')}.`);
  process.exit(1);
}

const say = (text: string) => console.error(text);
const kit = createKit({ seed: Number(options.seed), quick: options.quick, say });
const lines: Line[] = [];
const failed: string[] = [];
const from = performance.now();
try {
  for (const row of rows.filter(({ id }) => wanted?.includes(id) ?? true)) {
    const start = performance.now();
    try {
      const line = lineOf(row, await kit.lend((bench) => row.measure(bench)));
      lines.push(line);
      if (options.json) console.log(JSON.stringify(line));
    } catch (error) {
      failed.push(row.id);
      console.error(`${row.id} failed:`, error);
    }
    say(`${row.id}: ${((performance.now() - start) / 1000).toFixed(1)} s`);
  }
} finally {
  await kit.close();
}

const here = machine();
const seconds = Math.round((performance.now() - from) / 1000);
if (options.json) console.log(JSON.stringify({ machine: here }));
else console.log(tableOf(lines));
if (failed.length > 0) {
  console.error(`Could not be measured: ${failed.join(', ')}`);
  process.exitCode = 1;
  // BENCHMARKS.md speaks of the embedded store.
} else if (!wanted && !options.quick && !process.env['COUCHDB_URL'])
  await writeReport({ lines, machine: here, seconds, seed: Number(options.seed) });
