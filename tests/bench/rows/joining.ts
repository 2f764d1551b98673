import { signIn, watchFirstListing, offlineReady } from '../app.ts';
import { seededListings } from '../documents.ts';
import { median, rotated } from '../figures.ts';
import { openHub, type BenchHub } from '../hub.ts';
import type { Bench } from '../kit.ts';
import { aheadOf, type Measured, type Row } from '../row.ts';
import type { Person } from '../../people.ts';

type Answer = { ms: number; rows: string[]; listings?: number };

/** The app on a phone that has it but nothing of the circle: from the navigation to the first listing. */
async function firstListings(bench: Bench, hub: BenchHub, circle: string, person: Person): Promise<number[]> {
  const samples: number[] = [];
  const runs = bench.size(5, 2);
  for (let run = 0; run < runs; run++) {
    const { context } = await bench.profile();
    const page = await context.newPage();
    await page.goto(`${hub.origin}/sign-in`);
    await offlineReady(page);
    await signIn(context, hub.origin, person);
    await watchFirstListing(context);
    await page.goto(`${hub.origin}/c/${circle}`, { waitUntil: 'commit' });
    samples.push(await page.evaluate(() => window.firstListing));
    await context.close();
  }
  return samples;
}

async function measure(bench: Bench): Promise<Measured> {
  const count = bench.size(10_000);
  const front = await bench.front();
  const hub = await openHub(bench, { ORIGIN: front.url });
  front.hub = hub.url;
  const { circle, people } = await hub.neighbourhood(5);
  const me = people[0]!;
  const listings = seededListings(
    bench.seed,
    count,
    people.map(({ id }) => id)
  );
  await hub.write(circle, people, listings);

  const { context, workers } = await bench.profile();
  await signIn(context, front.url, me);
  const [shipped, peers] = [await workers(front, 'shipped'), await workers(front, 'peers')];
  const engines = {
    ours: () => shipped<Answer>('join', 'logAndTables', circle),
    log: () => shipped<Answer>('join', 'log', circle),
    plain: () => shipped<Answer>('join', 'plain', circle),
    pouchdb: () => peers<Answer>('pouchdb', 'join', circle),
    rxdb: () => peers<Answer>('rxdb', 'join', circle)
  };
  type Engine = keyof typeof engines;
  const samples: Record<Engine, number[]> = { ours: [], log: [], plain: [], pouchdb: [], rxdb: [] };
  let equal = true;
  const runs = bench.size(5, 2);
  for (let run = 0; run < runs; run++) {
    const answers: Answer[] = [];
    for (const name of rotated(Object.keys(engines) as Engine[], run)) {
      const answer = await engines[name]();
      samples[name].push(answer.ms);
      answers.push(answer);
    }
    const rows = answers[0]!.rows;
    equal &&= rows.length > count && answers.every((answer) => answer.rows.join() === rows.join());
    equal &&= answers.every((answer) => answer.listings === undefined || answer.listings === count);
  }
  await context.close();
  const first = await firstListings(bench, hub, circle, me);
  const { ours, log, plain, ...behind } = samples;
  return {
    unit: 'ms',
    ours,
    peers: behind,
    floors: { '_all_docs+bulkDocs': plain, 'our log alone': log, 'our first listing': first },
    equal,
    checks: [
      { what: 'first listing', value: median(first), unit: 'ms', atMost: 1_500 },
      { what: 'log, times _all_docs+bulkDocs', value: median(log) / median(plain), unit: '×', atMost: 1.3 },
      {
        what: 'log and read model, times _all_docs+bulkDocs',
        value: median(ours) / median(plain),
        unit: '×',
        atMost: 2
      },
      aheadOf(behind, ours)
    ],
    notes: [`${count} records through the gate; ours is log and read model, the peers keep the records alone.`]
  };
}

export const joining: Row = { id: 'B4', what: 'joining a circle of 10,000 records', measure };
