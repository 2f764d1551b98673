import { categories } from '#domain/listing/listing.ts';
import { median, percentile, rotated } from '../figures.ts';
import type { Bench } from '../kit.ts';
import { aheadOf, type Measured, type Row } from '../row.ts';

type Answer = { ms: number; rows: { id: string; title: string; authorName?: string }[] };

const page = 50;
const warmUps = 3;

/** The engines answer the same questions in rotating order, and every answer is held against ours row by row. */
async function measure(bench: Bench): Promise<Measured> {
  const count = bench.size(100_000);
  const runs = bench.size(100, 10);
  const front = await bench.front();
  const { workers } = await bench.profile();
  const [shipped, peers] = [await workers(front, 'shipped'), await workers(front, 'peers')];

  bench.say(`B2: ${count} listings into each engine`);
  await shipped('newest', 'fill', bench.seed, count);
  await peers('rxdb', 'fill', bench.seed, count);
  await peers('pouchdb', 'fill', bench.seed, count);

  const engines = {
    ours: (category: string) => shipped<Answer>('newest', 'ours', category, page),
    'raw-indexeddb': (category: string) => shipped<Answer>('newest', 'byHand', category, page),
    rxdb: (category: string) => peers<Answer>('rxdb', 'newest', category, page),
    pouchdb: (category: string) => peers<Answer>('pouchdb', 'newest', category, page)
  };
  type Engine = keyof typeof engines;
  const names = Object.keys(engines) as Engine[];
  const samples: Record<Engine, number[]> = { ours: [], 'raw-indexeddb': [], rxdb: [], pouchdb: [] };
  let equal = true;
  // What takes a hundred times as long is asked less often: its median is as good.
  const isAsked = (name: Engine, run: number) => name === 'ours' || name === 'raw-indexeddb' || run % 5 === 0;
  for (let run = -warmUps; run < runs; run++) {
    const category = categories[(run + warmUps) % categories.length]!;
    const answers = new Map<Engine, Answer>();
    for (const name of rotated(names, run + warmUps)) {
      if (!isAsked(name, run)) continue;
      const answer = await engines[name](category);
      answers.set(name, answer);
      if (run >= 0) samples[name].push(answer.ms);
    }
    const mine = answers.get('ours')!.rows;
    equal &&= mine.length === page;
    for (const { rows } of answers.values()) equal &&= sameRows(mine, rows);
  }

  const { ours, 'raw-indexeddb': raw, ...behind } = samples;
  return {
    unit: 'ms',
    ours,
    peers: behind,
    floors: { 'raw-indexeddb': raw },
    equal,
    checks: [
      { what: 'times raw IndexedDB', value: median(ours) / median(raw), unit: '×', atMost: 1.3 },
      { what: 'p99', value: percentile(ours, 99), unit: 'ms', atMost: 10 },
      aheadOf(behind, ours)
    ],
    notes: [
      `${count} listings, the newest ${page} of a category. Ours and raw IndexedDB answer whole cards (names of the authors and the reader’s own claims too) from the same tables; the peers the listings alone.`
    ]
  };
}

function sameRows(mine: Answer['rows'], theirs: Answer['rows']): boolean {
  return (
    mine.length === theirs.length &&
    mine.every(({ id, title, authorName }, at) => {
      const other = theirs[at]!;
      return (
        id === other.id && title === other.title && (other.authorName === undefined || authorName === other.authorName)
      );
    })
  );
}

export const newest: Row = { id: 'B2', what: 'newest 50 of a category among 100,000 listings', measure };
