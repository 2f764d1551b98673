import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../../scripts/ground.js';
import { rounded } from './figures.ts';
import type { Machine } from './machine.ts';
import { method } from './method.ts';
import type { Line } from './row.ts';

type Report = { lines: readonly Line[]; machine: Machine; seconds: number; seed: number };

const list = (engines: Record<string, number | string>): string =>
  Object.entries(engines)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ') || '–';

/** The rows as a Markdown table. */
export function tableOf(lines: readonly Line[]): string {
  const rows = lines.map((line) => {
    const { id, what, ours, unit, p95, p99, runs, peers, floors, ratio, equal, met } = line;
    const cells = [id, what, `${ours} ${unit}`, p95, p99, runs, list(peers), list(floors), ratio ?? '–'];
    return [...cells, equal === null ? '–' : equal ? 'yes' : 'NO', met ? 'yes' : 'NO'].join(' | ');
  });
  const head =
    'id | what | ours (median) | p95 | p99 | runs | peers | floors | best peer ÷ ours | same answers | target met';
  return [head, head.replace(/[^|]+/g, ' --- '), ...rows].map((row) => `| ${row} |`).join('\n');
}

function checksOf({ id, checks, notes }: Line): string {
  const told = checks.map((check) => {
    const bound = 'atMost' in check ? `at most ${check.atMost}` : `at least ${rounded(check.atLeast)}`;
    return `- ${check.what}: ${check.value} ${check.unit}, ${bound}: ${check.met ? 'met' : '**not met**'}`;
  });
  return [`### ${id}`, ...notes, '', ...told].join('\n');
}

/** BENCHMARKS.md: the method, and nothing but figures of this run. */
export async function writeReport({ lines, machine, seconds, seed }: Report): Promise<void> {
  const { versions, ...here } = machine;
  const parts = [
    '# Benchmarks',
    '',
    'Written by `npm run bench`; change the bench, not this file.',
    '',
    method,
    '## The run',
    '',
    `${here.at.slice(0, 10)}, commit ${here.commit ?? 'unknown'}, ${here.cpu}, ${here.cores} cores, ${here.memoryGb} GB, ${here.system}, Node ${here.node}; load ${here.load} at its end; ${seconds} s in all; seed ${seed}.`,
    '',
    `Versions: ${list(versions)}.`,
    '',
    tableOf(lines),
    '',
    '## Targets, one by one',
    '',
    ...lines.map((line) => `${checksOf(line)}\n`)
  ];
  await writeFile(join(root, 'BENCHMARKS.md'), parts.join('\n'));
}
