import { readFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { makeListing } from '#domain/listing/listing.ts';
import type { Person } from '../../people.ts';
import { median, percentile } from '../figures.ts';
import { openHub } from '../hub.ts';
import type { Bench } from '../kit.ts';
import type { Measured, Row } from '../row.ts';
import { openDoorbell, type Stream } from '../streams.ts';

// Neighbours with several devices each: an account costs a password's hash, a device does not.
const peopleCount = 20;
// So many devices come back in one moment and no more, as the hub tells them to.
const atOnce = 50;
const posts = 10;

type Device = { person: Person; stream: Stream; heard(seq: string | null): void; seq: string };

/** Kilobytes of memory that the hub's own process holds. */
async function memoryOf(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)![1]);
}

/** The hub's memory once nothing is being tidied up any more: the smallest of some looks. */
async function restingMemory(pid: number | undefined): Promise<number> {
  const looks: number[] = [];
  for (let look = 0; look < 10; look++) {
    await wait(500);
    looks.push(await memoryOf(pid));
  }
  return Math.min(...looks);
}

async function measure(bench: Bench): Promise<Measured> {
  const count = bench.size(2_000, 100);
  const hub = await openHub(bench);
  const { circle, people } = await hub.neighbourhood(peopleCount);
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const devices: Device[] = [];
  bench.onClose(async () => {
    for (const { stream } of devices) stream.close();
    agent.destroy();
  });

  const open = async (index: number) => {
    const person = people[index % people.length]!;
    const device: Device = { person, stream: { close: () => undefined }, heard: () => undefined, seq: '' };
    let first = () => {};
    const greeted = new Promise<void>((resolve) => (first = resolve));
    device.stream = await openDoorbell(hub.url, person.cookie, (rung, seq) => {
      if (rung !== circle) return;
      if (device.seq === '' && seq) {
        device.seq = seq;
        first();
      } else device.heard(seq);
    });
    await greeted;
    devices.push(device);
  };
  const openMany = async (until: number) => {
    while (devices.length < until) {
      const some = Math.min(atOnce, until - devices.length);
      await Promise.all(Array.from({ length: some }, (_, index) => open(devices.length + index)));
    }
  };

  // The first devices warm the hub up: what it allocates once is no device's.
  const warm = Math.round(count / 10);
  await openMany(warm);
  const before = await restingMemory(hub.process.pid);
  await openMany(warm + count);
  const after = await restingMemory(hub.process.pid);
  const each = (after - before) / count;
  bench.say(`B10: ${each.toFixed(1)} kB a device`);

  const author = people[0]!;
  const delays: number[] = [];
  for (let post = 0; post < posts; post++) {
    const now = new Date().toISOString();
    const record = makeListing({ title: `Post ${post}` }, { author: author.id, now, key: `post-${post}` });
    let from = 0;
    const reached = devices.map(
      (device) =>
        new Promise<number>((resolve, reject) => {
          let isAsked = false;
          device.heard = () => {
            if (isAsked) return;
            isAsked = true;
            follow(agent, hub.url, circle, device).then((ids) => {
              if (ids.includes(record._id)) resolve(performance.now() - from);
              else isAsked = false; // a ring for something else
            }, reject);
          };
        })
    );
    from = performance.now();
    const [refused] = await author.write(circle, record);
    if (refused) throw new Error(`The post was refused: ${refused.error}`);
    delays.push(...(await Promise.all(reached)));
  }

  return {
    unit: 'ms',
    ours: delays,
    checks: [
      { what: 'memory of the hub for each idle device', value: each, unit: 'kB', atMost: 30 },
      { what: 'a post reaches a device, p95', value: percentile(delays, 95), unit: 'ms', atMost: 2_000 }
    ],
    notes: [
      `${devices.length} devices of ${peopleCount} people, their streams open; each fetches the post when it is rung (median ${Math.round(median(delays))} ms, the slowest ${Math.round(Math.max(...delays))} ms). Hub, store and all the devices share the machine.`
    ]
  };
}

/** What a device does on a ring: asks what is new and goes on from there. */
function follow(agent: Agent, url: string, circle: string, device: Device): Promise<string[]> {
  const path = `${url}/db/${circle}/_changes?include_docs=true&style=all_docs&limit=500&since=${encodeURIComponent(device.seq)}`;
  return new Promise((resolve, reject) => {
    const sent = request(path, { agent, headers: { cookie: device.person.cookie } }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (chunk: string) => (text += chunk));
      answer.on('error', reject);
      answer.on('end', () => {
        if (answer.statusCode !== 200) return reject(new Error(`_changes answered ${answer.statusCode} ${text}`));
        const { results, last_seq } = JSON.parse(text) as { results: { id: string }[]; last_seq: string };
        device.seq = last_seq;
        resolve(results.map(({ id }) => id));
      });
    });
    sent.on('error', reject);
    sent.end();
  });
}

export const idle: Row = { id: 'B10', what: '2,000 idle devices on one hub: a post reaches all', measure };
