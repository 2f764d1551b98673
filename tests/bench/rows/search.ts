import type { Page } from '@playwright/test';
import { pick } from '../documents.ts';
import { percentile, rotated } from '../figures.ts';
import type { Bench } from '../kit.ts';
import type { Measured, Row } from '../row.ts';
import { seeded } from '../../seeded.ts';

type Answer = { ms: number; rows: string[] };

const account = 'neighbour-1';
const limit = 50;
const warmUps = 10;

// As people type them: single signs, pairs, beginnings of words, both languages in one.
const texts = [
  '冰',
  '冰箱',
  '大枣',
  '儿',
  '台灯 全新',
  '搬家出',
  'fri',
  'fridge',
  'desk la',
  'never worn bi',
  '自带袋子',
  'box manual'
];

async function measureCircle(bench: Bench, page: Page, circle: string, count: number) {
  const runs = bench.size(240, 24);
  const ask = (worker: string, op: string, ...args: unknown[]) =>
    page.evaluate(([one, what, given]) => window.ask(one, what, given), [worker, op, args] as const);
  await ask('search-fill', 'fill', account, circle, bench.seed, count);
  await ask('minisearch', 'fill', bench.seed, count);

  const engines = {
    ours: (text: string) => page.evaluate((wanted) => window.search(wanted), { account, circle, text, limit }),
    minisearch: (text: string) => page.evaluate(([one, most]) => window.bareSearch(one, most), [text, limit] as const)
  };
  const random = seeded(bench.seed);
  const samples: Record<keyof typeof engines, number[]> = { ours: [], minisearch: [] };
  let equal = true;
  await page.evaluate(() => window.longestTask());
  for (let run = -warmUps; run < runs; run++) {
    const text = pick(random, texts);
    const answers: Answer[] = [];
    for (const name of rotated(Object.keys(engines) as (keyof typeof engines)[], run + warmUps)) {
      const answer = await engines[name](text);
      answers.push(answer);
      if (run >= 0) samples[name].push(answer.ms);
    }
    // Equally good ones may stand in either order, and where a page ends between them either may be on it.
    const [mine, theirs] = answers;
    equal &&= mine!.rows.length > 0 && mine!.rows.length === theirs!.rows.length;
    if (mine!.rows.length < limit) equal &&= [...mine!.rows].sort().join() === [...theirs!.rows].sort().join();
  }
  const longestTask = await page.evaluate(() => window.longestTask());
  await page.evaluate(() => window.end('minisearch'));
  return { ...samples, equal, longestTask };
}

async function measure(bench: Bench): Promise<Measured> {
  const front = await bench.front();
  const { context } = await bench.profile();
  const page = await context.newPage();
  await page.goto(`${front.url}/bench/shipped.html`);
  await page.waitForFunction(() => typeof window.search === 'function');

  const usual = await measureCircle(bench, page, '302', bench.size(10_000));
  bench.say('B3: and with 50,000 records');
  const large = await measureCircle(bench, page, '303', bench.size(50_000));
  const p95 = percentile(usual.ours, 95);
  const largeP95 = percentile(large.ours, 95);
  return {
    unit: 'ms',
    ours: usual.ours,
    floors: { minisearch: usual.minisearch, 'minisearch, 50,000 records': large.minisearch },
    equal: usual.equal && large.equal,
    checks: [
      { what: 'p95', value: p95, unit: 'ms', atMost: 20 },
      { what: 'longest task of the page’s thread', value: usual.longestTask, unit: 'ms', atMost: 50 }
    ],
    notes: [
      `With 50,000 records: p95 ${largeP95.toFixed(1)} ms, longest task of the page’s thread ${large.longestTask} ms.`
    ]
  };
}

export const search: Row = { id: 'B3', what: 'search zh/en in a circle of 10,000 records', measure };
