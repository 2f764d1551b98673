import { Agent, request } from 'node:http';
import { makeComment } from '#domain/comment/comment.ts';
import { authorOf, recordId, timeKey } from '#domain/id.ts';
import type { AnyRecord } from '#domain/kinds.ts';
import { postedAt, seededListings } from '../documents.ts';
import { median, rotated } from '../figures.ts';
import { openHub } from '../hub.ts';
import type { Bench } from '../kit.ts';
import type { Measured, Row } from '../row.ts';
import { seeded } from '../../seeded.ts';

const batch = 100;
const writers = 8;
const warmUps = 8;

/** Where a batch goes: the same call on the gate and on the store's own port. */
type Way = { name: 'gate' | 'store'; url: string; headers: Record<string, string> };

/** A batch of records that nobody has written yet. */
type NextBatch = () => string;

async function measure(bench: Bench): Promise<Measured> {
  const hub = await openHub(bench);
  const { people, circle } = await hub.neighbourhood(1);
  const author = people[0]!.id;
  const store = new URL(await hub.store());
  const authorization = `Basic ${Buffer.from(`${store.username}:${store.password}`).toString('base64')}`;
  const plain = 'bench-plain';
  await hub.makeDatabase(plain);
  const ways: Way[] = [
    { name: 'gate', url: `${hub.url}/db/${circle}/_bulk_docs`, headers: { cookie: people[0]!.cookie } },
    { name: 'store', url: `${store.origin}/${plain}/_bulk_docs`, headers: { authorization } }
  ];
  const agent = new Agent({ keepAlive: true, maxSockets: writers });
  bench.onClose(async () => agent.destroy());

  // What people say most, and what nobody but the gate has to look at.
  const comments = batches(seededComments(bench.seed, author));
  const alone: Record<Way['name'], number[]> = { gate: [], store: [] };
  const runs = bench.size(120, 20);
  for (let run = -warmUps; run < runs; run++) {
    for (const way of rotated(ways, run + warmUps)) {
      const ms = await write(agent, way, comments());
      if (run >= 0) alone[way.name].push(ms);
    }
  }
  const together = async (nextBatch: NextBatch, rounds: number, after = async () => {}) => {
    const samples: Record<Way['name'], number[]> = { gate: [], store: [] };
    for (let round = -1; round < rounds; round++) {
      for (const way of rotated(ways, round + 1)) {
        const perSecond = await throughput(agent, way, nextBatch, bench.size(10, 3));
        await after();
        if (round >= 0) samples[way.name].push(perSecond);
      }
    }
    return { gate: median(samples.gate), store: median(samples.store) };
  };
  const many = await together(comments, bench.size(8, 2));
  // The notary reads every listing too, while the writing goes on.
  const listings = await together(batches(seededListings(bench.seed, batch, [author])), bench.size(4, 2), () =>
    hub.settled(circle)
  );

  // Each run wrote by both ways within a moment: their difference is free of what the machine did meanwhile.
  const added = alone.gate.map((ms, run) => ms - alone.store[run]!);
  return {
    unit: 'ms',
    ours: added,
    floors: { 'a batch through the gate': alone.gate, 'a batch at the store’s own port': alone.store },
    checks: [
      { what: 'added median', value: median(added), unit: 'ms', atMost: 6 },
      {
        what: `documents a second of the store’s own, ${writers} writers`,
        value: many.gate / many.store,
        unit: '×',
        atLeast: 0.75
      }
    ],
    notes: [
      `Comments, with session and schemas. ${writers} writers: gate ${Math.round(many.gate)}, store ${Math.round(many.store)} documents a second; the client has its share of the same cores.`,
      `The same with listings, each of which the notary reads and notes while the writing goes on: gate ${Math.round(listings.gate)}, store ${Math.round(listings.store)}, ${(listings.gate / listings.store).toFixed(2)} ×.`
    ]
  };
}

function seededComments(seed: number, author: string): AnyRecord[] {
  return seededListings(seed, batch).map(({ _id: subject, title, text }) =>
    makeComment({ subject, text: `${title}: ${text}` }, { author, now: postedAt(0), key: 'comment' })
  );
}

/** The same contents again and again, each time as new records of later moments. */
function batches(records: readonly AnyRecord[]): NextBatch {
  const random = seeded(batch);
  let at = Date.parse('2026-06-01T00:00:00.000Z');
  return () => {
    const docs = records.map((record) => {
      const key = timeKey((at += 1), (bytes) => Uint8Array.from({ length: bytes }, () => Math.floor(random() * 256)));
      const now = new Date(at).toISOString();
      return { ...record, _id: recordId(authorOf(record._id), record.kind, key), createdAt: now, updatedAt: now };
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
