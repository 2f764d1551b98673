import { Agent, request } from 'node:http';
import { makeListing } from '#domain/listing/listing.ts';
import { timeKey } from '#domain/id.ts';
import { seededRandom, seededListings } from '../documents.ts';
import { median, rotated } from '../figures.ts';
import { openHub } from '../hub.ts';
import type { Bench } from '../kit.ts';
import type { Measured, Row } from '../row.ts';

const batch = 100;
const writers = 8;
const warmUps = 8;

/** Where a batch goes: the same call on the gate and on the store's own port. */
type Way = { name: 'gate' | 'store'; url: string; headers: Record<string, string> };

/** A batch of listings that nobody has written yet. */
type NextBatch = () => string;

async function measure(bench: Bench): Promise<Measured> {
  const hub = await openHub(bench);
  const { people, circle } = await hub.neighbourhood(1);
  const author = people[0]!.id;
  const nextBatch = batches(bench.seed, author);
  const store = new URL(await hub.store());
  const plain = `bench-plain-${bench.seed}`;
  await hub.makeDatabase(plain);
  const ways: Way[] = [
    { name: 'gate', url: `${hub.url}/db/${circle}/_bulk_docs`, headers: { cookie: people[0]!.cookie } },
    {
      name: 'store',
      url: `${store.origin}/${plain}/_bulk_docs`,
      headers: { authorization: `Basic ${Buffer.from(`${store.username}:${store.password}`).toString('base64')}` }
    }
  ];

  const agent = new Agent({ keepAlive: true, maxSockets: writers });
  bench.onClose(async () => agent.destroy());
  const alone: Record<Way['name'], number[]> = { gate: [], store: [] };
  const runs = bench.size(120, 20);
  for (let run = -warmUps; run < runs; run++) {
    for (const way of rotated(ways, run + warmUps)) {
      const ms = await write(agent, way, nextBatch());
      if (run >= 0) alone[way.name].push(ms);
    }
  }

  const together: Record<Way['name'], number[]> = { gate: [], store: [] };
  const rounds = bench.size(6, 2);
  for (let round = 0; round < rounds; round++) {
    for (const way of rotated(ways, round)) {
      together[way.name].push(await throughput(agent, way, nextBatch, bench.size(10, 3)));
    }
  }

  // Each run wrote by both ways within a moment: their difference is free of what the machine did meanwhile.
  const added = alone.gate.map((ms, run) => ms - alone.store[run]!);
  return {
    unit: 'ms',
    ours: added,
    floors: { 'gate, a batch': alone.gate, 'the store’s own port, a batch': alone.store },
    checks: [
      { what: 'added median', value: median(added), unit: 'ms', atMost: 6 },
      {
        what: `documents a second of the store’s own, ${writers} writers`,
        value: median(together.gate) / median(together.store),
        unit: '×',
        atLeast: 0.75
      }
    ],
    notes: [
      `Throughput with ${writers} writers: gate ${Math.round(median(together.gate))}, store ${Math.round(median(together.store))} documents a second; the client has its share of the same cores.`
    ]
  };
}

function batches(seed: number, author: string): NextBatch {
  const random = seededRandom(seed);
  const bodies = seededListings(seed, batch, [author]);
  let at = Date.parse('2026-06-01T00:00:00.000Z');
  return () => {
    const docs = bodies.map(({ _id, kind, v, createdAt, updatedAt, ...body }) => {
      void [_id, kind, v, createdAt, updatedAt];
      const key = timeKey((at += 1), (bytes) => Uint8Array.from({ length: bytes }, () => Math.floor(random() * 256)));
      return makeListing(body, { author, now: new Date(at).toISOString(), key });
    });
    return JSON.stringify({ docs });
  };
}

/** Milliseconds from sending a batch to the last byte of its answer. */
function write(agent: Agent, { url, headers }: Way, body: string): Promise<number> {
  const bytes = Buffer.from(body);
  return new Promise((resolve, reject) => {
    const from = performance.now();
    const sent = request(
      url,
      {
        agent,
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json', 'content-length': bytes.length }
      },
      (answer) => {
        let text = '';
        answer.setEncoding('utf8');
        answer.on('data', (chunk: string) => (text += chunk));
        answer.on('error', reject);
        answer.on('end', () => {
          const ms = performance.now() - from;
          if (answer.statusCode !== 201 || text.includes('"error"')) reject(new Error(`${url} answered ${text}`));
          else resolve(ms);
        });
      }
    );
    sent.on('error', reject);
    sent.end(bytes);
  });
}

/** Documents a second of eight writers, each with so many batches one after the other. */
async function throughput(agent: Agent, way: Way, nextBatch: NextBatch, each: number): Promise<number> {
  const bodies = Array.from({ length: writers }, () => Array.from({ length: each }, nextBatch));
  const from = performance.now();
  await Promise.all(
    bodies.map(async (own) => {
      for (const body of own) await write(agent, way, body);
    })
  );
  return (writers * each * batch * 1_000) / (performance.now() - from);
}

export const gate: Row = {
  id: 'B11',
  what: 'gate on _bulk_docs of 100: what it adds to the store’s own port',
  measure
};
