import { allotmentId, type Allotment } from '#domain/allotment/allotment.ts';
import { claimId, makeClaim, type Claim } from '#domain/claim/claim.ts';
import { makeListing, type Listing } from '#domain/listing/listing.ts';
import { createRemote, type Remote } from '#data/remote.ts';
import type { Stored } from '#data/log.ts';
import { createHash } from 'node:crypto';
import type { Person } from '../../people.ts';
import { median } from '../figures.ts';
import { openHub } from '../hub.ts';
import type { Bench } from '../kit.ts';
import type { Measured, Row } from '../row.ts';
import { openDoorbell } from '../streams.ts';
import { seeded } from '../../seeded.ts';

const clientCount = 20;
const claimsEach = 50;
const thingCount = 200;
const page = 500;

/** What a client made without a network, and what it knows of the hub's answers. */
type Client = { person: Person; remote: Remote; since: string; claims: Claim[]; answered: Set<string> };

/** The first revision of a document, as a device makes it: its hash follows from what it says. */
function revised(record: object): Stored {
  const hash = createHash('md5').update(JSON.stringify(record)).digest('hex');
  return { ...record, _rev: `1-${hash}`, _revisions: { start: 1, ids: [hash] } } as unknown as Stored;
}

function remoteOf(url: string, circle: string, { cookie }: Person): Remote {
  const send = (input: string | URL | Request, init?: RequestInit) => {
    const headers = new Headers(init?.headers);
    headers.set('cookie', cookie);
    return fetch(input, { ...init, headers });
  };
  return createRemote(`${url}/db/${circle}`, send as typeof fetch);
}

/** What a device does on a ring, by the fast path's own calls: everything after the place where it stands. */
async function follow(client: Client): Promise<void> {
  for (;;) {
    const { results, last } = await client.remote.changes(client.since, page);
    client.since = last;
    for (const { doc } of results) {
      if (doc?.['kind'] !== 'allotment') continue;
      for (const { claim } of (doc as unknown as Allotment).places) client.answered.add(claim);
    }
    if (results.length < page) return;
  }
}

/** Sends what was made offline and follows until the hub has answered every claim of this client's. */
async function comeBack(client: Client, url: string, circle: string): Promise<void> {
  const isAnswered = () => client.claims.every(({ _id }) => client.answered.has(_id));
  const over = Promise.withResolvers<void>();
  let isFollowing = false;
  let isRung = false;
  const look = async (): Promise<void> => {
    isRung = true;
    if (isFollowing) return;
    isFollowing = true;
    while (isRung && !isAnswered()) {
      isRung = false;
      await follow(client);
    }
    isFollowing = false;
    if (isAnswered()) over.resolve();
  };
  const stream = await openDoorbell(url, client.person.cookie, (where) => {
    if (where === circle) look().catch(over.reject);
  });
  try {
    const [refused] = await client.remote.bulkDocs(client.claims.map(revised));
    if (refused) throw new Error(`${refused.id} was refused: ${refused.reason}`);
    await over.promise;
  } finally {
    stream.close();
  }
}

async function measure(bench: Bench): Promise<Measured> {
  const clients = bench.size(clientCount, 4);
  const things = bench.size(thingCount, 20);
  const each = bench.size(claimsEach, 10);
  const runs = bench.size(5, 2);
  const hub = await openHub(bench);
  const seconds: number[] = [];
  let lost = 0;
  let oversold = 0;
  const { people } = await hub.neighbourhood(clients + 1);
  const giver = people[0]!;
  for (let run = 0; run < runs; run++) {
    const circle = await hub.foundWith(giver, people.slice(1), `Run ${run}`);
    const random = seeded(bench.seed + run);
    const now = new Date().toISOString();
    const listings: Listing[] = Array.from({ length: things }, (_, index) =>
      makeListing(
        { title: `Thing ${index}`, quantity: 1 + Math.floor(random() * 3) },
        { author: giver.id, now, key: `thing-${index}` }
      )
    );
    await hub.write(circle, people, listings);
    const back = await Promise.all(
      people.slice(1).map(async (person): Promise<Client> => {
        const remote = remoteOf(hub.url, circle, person);
        const mixed = [...listings].map((one) => ({ one, at: random() })).sort((a, b) => a.at - b.at);
        const claims = mixed
          .slice(0, each)
          .map(({ one }) => makeClaim({ subject: one._id }, { author: person.id, now }));
        return { person, remote, since: (await remote.info()).seq, claims, answered: new Set() };
      })
    );
    const from = performance.now();
    await Promise.all(back.map((client) => comeBack(client, hub.url, circle)));
    seconds.push((performance.now() - from) / 1_000);

    const stands = new Map((await all(back[0]!.remote)).map((doc) => [doc._id, doc]));
    for (const listing of listings) {
      const answer = stands.get(allotmentId(listing._id)) as Allotment | undefined;
      const given = (answer?.places ?? []).filter(({ state }) => state === 'given');
      if (given.reduce((sum, { quantity }) => sum + quantity, 0) > listing.quantity) oversold++;
      const placed = new Set(answer?.places.map(({ claim }) => claim));
      for (const { person, claims } of back) {
        const mine = claimId(person.id, listing._id);
        if (claims.some(({ _id }) => _id === mine) && !(stands.has(mine) && placed.has(mine))) lost++;
      }
    }
  }
  return {
    unit: 's',
    ours: seconds,
    checks: [
      { what: 'until everybody knows', value: median(seconds), unit: 's', atMost: 10 },
      { what: 'claims lost', value: lost, unit: '', atMost: 0 },
      { what: 'things oversold', value: oversold, unit: '', atMost: 0 }
    ],
    notes: [
      `${clients} clients, ${each} claims each on ${things} things, all sent in one moment; over when each client has fetched the hub’s answer to every claim of its own. Then all records are read back: every claim is there and has a place, nothing is given that is not there.`
    ]
  };
}

async function all(remote: Remote): Promise<Stored[]> {
  const docs: Stored[] = [];
  for (let from: string | null = null; ;) {
    const some = await remote.allDocs(from, page);
    docs.push(...(from === null ? some : some.slice(1)));
    if (some.length < page) return docs;
    from = some.at(-1)!._id;
  }
}

export const reconnect: Row = { id: 'B6', what: '20 clients × 50 offline claims on 200 things reconnect', measure };
