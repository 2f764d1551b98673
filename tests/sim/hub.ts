import { createPrivateKey } from 'node:crypto';
import { createAccounts, accountId } from '#server/accounts.ts';
import { describeMe } from '#server/api/me.ts';
import { createBell } from '#server/bell.ts';
import { createCircles } from '#server/circles.ts';
import { connectCouch, type Couch } from '#server/couch.ts';
import { CouchError } from '#server/couch-error.ts';
import { startDelivery } from '#server/delivery.ts';
import { createDoorbell } from '#server/doorbell.ts';
import { createGate } from '#server/gate/gate.ts';
import { openHubKey } from '#server/hub-key.ts';
import { beginHomecoming, openHomecoming } from '#server/homecoming.ts';
import { createHubRecords } from '#server/hub-records.ts';
import { createLimits } from '#server/limits.ts';
import { ApiError } from '#server/errors.ts';
import { createMembership } from '#server/membership.ts';
import { createNewest } from '#server/newest.ts';
import { startNotary, type Notary } from '#server/notary/notary.ts';
import { createSerial } from '#server/serial.ts';
import { sessionId } from '#server/sessions.ts';
import { systemName } from '#server/system.ts';
import { createTakeBack } from '#server/take-back.ts';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createCalls } from './calls.ts';
import type { Chance } from './chance.ts';
import type { MemoryCouch } from './memory-couch.ts';
import { photosIn, type PictureFiles } from './pictures.ts';
import type { Plant } from './plants.ts';
import type { MemoryResponse } from './socket.ts';
import type { Time } from './time.ts';

export const origin = 'http://hub';
export const firstEra = 'one';
const memory = 'http://memory';

export type HubDeps = {
  time: Time;
  chance: Chance;
  couch: MemoryCouch;
  pictures: PictureFiles;
  /** The first stands for a hub that was never restored. */
  era: string;
  plant: Plant;
  /** How the database serves this process: how often slowly, how often not at all. */
  weather: () => { slow: number; lost: number };
  /** Hears of whatever fails in it that is neither an answer nor the weather: all else tries again, and would hide it. */
  unexpected: (text: string) => void;
};

const noAnswer = new CouchError(0, 'unavailable', 'The database did not answer');
/** The database did not answer. */
export const isWeather = (error: unknown) => String(error) === String(noAnswer);

export type HubProcess = Awaited<ReturnType<typeof startHub>>;

/** Puts down what a hub finds at its first start: its key, drawn from the seed, and an account for each person. */
export async function furnish(store: MemoryCouch, people: readonly string[], chance: Chance): Promise<void> {
  const couch = connectCouch({ url: memory, prefix: '', fetch: store.fetch });
  const system = await couch.ensure(systemName);
  // An Ed25519 key is any 32 bytes behind this head (RFC 8410).
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), chance.bytes(32)]);
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }).export({
    type: 'pkcs8',
    format: 'pem'
  });
  await system.put({ _id: 'hub-key', createdAt: '', privateKey } as { _id: string });
  for (const person of people) {
    await system.put({ _id: accountId(person), login: person, name: person, circles: [] } as { _id: string });
    await couch.ensure(`me-${person}`);
  }
}

/** Its sessions: one each device, seen today, with a stream. */
export async function signIn(store: MemoryCouch, devices: readonly { name: string; person: string }[], now: string) {
  const system = connectCouch({ url: memory, prefix: '', fetch: store.fetch }).database(systemName);
  for (const { name, person: account } of devices) {
    const _id = sessionId({ account, id: name.split('-')[1]! });
    const before = await system.get<{ _id: string; createdAt: string }>(_id);
    await system.put({ createdAt: now, ...before, _id, account, device: name, seenAt: now, listens: true } as never);
  }
}

/** What an operator's restore does before the hub's next start. */
export const beginAgain = (store: MemoryCouch, now: () => number, era: string) =>
  beginHomecoming(connectCouch({ url: memory, prefix: '', fetch: store.fetch }), now, era);

/** One process of the hub: the shipped gate, notary, delivery and doorbell on a database that outlives it. */
export async function startHub({ time, chance, couch: store, pictures, era, plant, weather, unexpected }: HubDeps) {
  let isDead = false;
  const open = new Set<MemoryResponse>();
  const timers = time.timers();
  const clock = time.now;
  const never = () => new Promise<never>(() => undefined);

  /** The way to the database ends with the process, wherever it stands: before the write or after it. */
  const toDatabase: typeof fetch = async (input, init) => {
    const { slow, lost } = weather();
    if (chance.happens(lost)) throw new TypeError('The database hung up');
    if (chance.happens(slow)) await time.sleep(chance.between(1, 30));
    if (isDead) return never();
    const asking = store.fetch(input, init);
    // A database in memory has an answer to everything.
    asking.catch((error: unknown) => unexpected(`the database: ${String((error as Error).stack)}`));
    const answer = await asking;
    if (chance.happens(slow)) await time.sleep(chance.between(1, 30));
    if (isDead) return never();
    if (chance.happens(lost)) throw new TypeError('The database hung up');
    return answer;
  };
  const couch: Couch = connectCouch({ url: memory, prefix: '', fetch: toDatabase });
  const log = {
    error(fields: { error?: unknown }, message: string) {
      if (!isWeather(fields.error)) unexpected(`the hub ${message}: ${String(fields.error)}`);
    }
  };
  const bell = createBell();
  const random = (count: number) => chance.bytes(count);
  const key = await openHubKey(couch, clock);
  const whole = createHubRecords({ couch, bell, key, clock });
  const hubRecords = plant.hubRecords?.(whole) ?? whole;
  const membership = createMembership({ couch, bell });
  const accounts = createAccounts({ couch, clock, random, passwords: null as never });
  const serial = createSerial();
  const circles = createCircles({ couch, clock, random, accounts, bell, hubRecords: whole, membership, serial });
  const signedIn = {
    find: async (req: IncomingMessage) => {
      const [, account, id] = /jujube_session=(\w+)-(\w+)/.exec(req.headers.cookie ?? '') ?? [];
      return account && id ? { account, id } : null;
    },
    listens: async () => undefined
  };
  const sessions = plant.sessions?.(signedIn) ?? signedIn;
  const newest = createNewest(couch);
  const limits = createLimits({ clock, factor: 1_000 });
  const doorbell = createDoorbell({
    bell: plant.doorbellBell?.(bell) ?? bell,
    newest,
    sessions: signedIn,
    membership,
    timers,
    streamsEach: 20
  });
  const gate = createGate({
    couch,
    sessions,
    membership: plant.gateMembership?.(membership) ?? membership,
    bell,
    metrics: { refused: () => undefined },
    limits,
    origin,
    log
  });
  const homecoming =
    era === firstEra
      ? null
      : await openHomecoming({ couch, clock, timers, membership, log: { info: () => undefined } });
  let notary: Notary | null = null;
  function settle(): void {
    if (isDead) return;
    const watched = plant.notaryCouch?.(couch) ?? couch;
    notary = startNotary({
      couch: watched,
      bell,
      hubRecords,
      clock,
      timers,
      log,
      restored: homecoming?.restored ?? false
    });
    startDelivery({ couch, bell, hubRecords, membership, clock, timers, log });
  }
  if (homecoming?.waiting()) void homecoming.over.then(settle);
  else settle();
  const call = createCalls(
    {
      accounts,
      bell,
      circles,
      hubRecords,
      couch,
      serial,
      limits,
      membership,
      photos: photosIn(pictures),
      takeBack: createTakeBack({ couch, key, serial }),
      lookAgain: (database, claims) => notary?.lookAgain(database, claims),
      ...(homecoming && { homecoming })
    },
    (req) => signedIn.find(req) as never
  );

  async function answerMe(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const person = (await signedIn.find(req))?.account ?? '';
    const account = await accounts.get(person);
    const me = await describeMe({ circles, membership, era } as never, account!);
    res.writeHead(200);
    res.end(JSON.stringify(me));
  }

  async function answerCall(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const { status, raw, body } = await call(req);
    res.writeHead(status);
    res.end(raw ?? JSON.stringify(body));
  }

  function handle(req: IncomingMessage, res: MemoryResponse): void {
    open.add(res);
    res.once('close', () => open.delete(res));
    const to = res.asResponse();
    const answering = req.url!.startsWith('/db/')
      ? gate.handle(req, to)
      : req.url === '/api/doorbell'
        ? doorbell.handle(req, to)
        : req.url!.startsWith('/api/circles/')
          ? answerCall(req, to)
          : answerMe(req, to);
    answering.catch((error: unknown) => {
      if (!(error instanceof ApiError) && !isWeather(error)) unexpected(`the hub at ${req.url}: ${String(error)}`);
      if (res.headersSent) return res.destroy();
      res.writeHead(error instanceof ApiError ? error.status : 500);
      res.end('{}');
    });
  }

  return {
    circles,
    handle,
    isDead: () => isDead,
    /** Devices are waited for after a restore. */
    isWaiting: () => (homecoming?.waiting() ?? null) !== null,
    /** As kill -9 does: what was under way is cut off wherever it stands. */
    kill(): void {
      isDead = true;
      timers.stop();
      for (const res of [...open]) res.destroy();
    }
  };
}
