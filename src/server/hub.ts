import type { IncomingMessage, ServerResponse } from 'node:http';
import { createAccounts } from './accounts.ts';
import { createApi } from './api/api.ts';
import type { Services } from './api/services.ts';
import { createBell } from './bell.ts';
import { createCircles } from './circles.ts';
import { copiesOf } from './copies.ts';
import type { Couch } from './couch.ts';
import { startDelivery } from './delivery.ts';
import { createDoorbell } from './doorbell.ts';
import { drawText, type Random } from './draw.ts';
import type { HubEnv } from './env.ts';
import { openEra } from './era.ts';
import { createFigures } from './figures.ts';
import { followForeignWrites } from './foreign-writes.ts';
import { createFrontDoor } from './front-door.ts';
import { createGate } from './gate/gate.ts';
import { createHandoffs } from './handoffs.ts';
import { beginHomecoming, openHomecoming } from './homecoming.ts';
import { openHubKey } from './hub-key.ts';
import type { HubLog } from './hub-log.ts';
import { createHubRecords } from './hub-records.ts';
import { createInvites } from './invites.ts';
import { createJoining } from './joining.ts';
import { createLimits } from './limits.ts';
import { createMembership, memberPrefix } from './membership.ts';
import { createMetrics } from './metrics.ts';
import { createNewest } from './newest.ts';
import { startNotary, type Notary } from './notary/notary.ts';
import { createPages, type Page } from './pages.ts';
import { createPasswords } from './passwords.ts';
import { createPhotos } from './photos.ts';
import { keepBeating } from './running.ts';
import { openSecondLock } from './second-lock.ts';
import { createSerial } from './serial.ts';
import { createSessions } from './sessions.ts';
import { createSetup } from './setup.ts';
import { systemName } from './system.ts';
import { createTakeBack } from './take-back.ts';
import { startTidying } from './tidying.ts';
import { realTimers } from './timers.ts';

export type HubOptions = {
  env: HubEnv;
  couch: Couch;
  clock: () => number;
  random: Random;
  log: HubLog;
  /** How often the embedded store had to be started again; left out where there is none. */
  storeRestarts?: () => number;
  /** The app itself: Kit's handler. Without it the hub answers its calls and says that there is no app. */
  page?: Page;
};

/** A running hub: everything behind the socket. It owns no port and no store. */
export type Hub = {
  handle(req: IncomingMessage, res: ServerResponse): void;
  /** The token of the one-use set-up link, or null once there is an account. */
  readonly setupToken: string | null;
  /**
   * From here on streams are ended and whoever asks anew is told to come back; what is under way is answered as if nothing were. Called
   * again it ends what had been let in before and began to wait since.
   */
  drain(): void;
  /** Ends the work in the background, once nobody is waiting for an answer any more. */
  close(): Promise<void>;
};

/** A person's phones, laptops and tabs, and those that have not noticed yet that they are cut off. */
const openStreams = 20;

/** Puts the hub together. What an earlier process left half done is finished before it answers anybody. */
export async function createHub({ env, couch, clock, random, log, page, storeRestarts }: HubOptions): Promise<Hub> {
  const copies = await copiesOf(await couch.ensure(systemName));
  const timers = realTimers;
  const serial = createSerial();
  const bell = createBell();
  const hubKey = await openHubKey(couch, clock);
  const hubRecords = createHubRecords({ couch, bell, key: hubKey, clock });
  const limits = createLimits({ clock, factor: env.limits });
  const passwords = createPasswords(random);
  const accounts = createAccounts({ couch, clock, random, passwords });
  const sessions = createSessions({ couch, clock, random, origin: env.origin });
  // Hears the bell before anybody else, so that whoever asks it because of a ring is told the new state.
  const membership = createMembership({ couch, bell });
  const invites = createInvites({ couch, clock, random });
  const circles = createCircles({ couch, clock, random, accounts, bell, hubRecords, membership, serial });
  const joining = createJoining({ couch, clock, random, accounts, passwords, invites, circles, membership, serial });
  const photos = createPhotos({ couch, clock, directory: env.data, serial });
  const begin = async (newEra: string) => {
    await invites.revokeAll();
    await beginHomecoming(couch, clock, newEra);
  };
  const era = await openEra({ couch, directory: env.data, random, begin });
  const homecoming = await openHomecoming({ couch, clock, timers, membership, log });
  let notary: Notary | null = null;
  const services: Services = {
    env,
    clock,
    couch,
    era,
    homecoming,
    hubRecords,
    takeBack: createTakeBack({ couch, key: hubKey, serial }),
    lookAgain: (database, claims) => notary?.lookAgain(database, claims),
    bell,
    limits,
    serial,
    setup: await createSetup({ accounts, random }),
    accounts,
    sessions,
    handoffs: createHandoffs({ clock, random }),
    invites,
    circles,
    membership,
    joining,
    photos
  };
  const metrics = createMetrics({ now: () => performance.now() });
  const devicesMissing = () => homecoming.waiting()?.missing ?? 0;
  const figures = createFigures({ metrics, couch, clock, directory: env.data, devicesMissing, storeRestarts });
  const api = createApi(services, { metricsText: figures.text, log });
  const newest = createNewest(couch);
  const streamsEach = Math.ceil(openStreams * env.limits);
  const doorbell = createDoorbell({ bell, newest, sessions, membership, timers, streamsEach });
  const lock =
    env.couchUrl && env.couchProxySecret
      ? await openSecondLock({ couch, bell, secret: env.couchProxySecret, log })
      : undefined;
  const gate = createGate({
    couch,
    lock,
    sessions,
    membership,
    bell,
    limits,
    metrics,
    log,
    copies,
    limitFactor: env.limits,
    origin: env.origin
  });
  const pages = createPages({ origin: env.origin, page });

  if (env.notary) {
    await circles.repair();
    await joining.repair();
  }
  const background: { stop(): Promise<void> }[] = [figures, startTidying({ photos, sessions, timers, log })];
  let isClosed = false;
  const settle = () => {
    if (isClosed) return;
    const { restored } = homecoming;
    notary = startNotary({ couch, bell, hubRecords, clock, timers, log, restored });
    const delivery = startDelivery({ couch, bell, hubRecords, membership, clock, timers, log });
    background.push(notary, delivery);
    figures.watch('notary', notary);
    figures.watch('delivery', delivery);
  };
  if (env.notary) {
    if (homecoming.waiting()) void homecoming.over.then(settle);
    else settle();
  }
  // The embedded store is this process's alone; a CouchDB may have other hubs.
  if (env.couchUrl) {
    background.push(followForeignWrites({ couch, bell, newest, timers, log }));
    background.push(await keepBeating({ couch, clock, timers, hub: drawText(random, 12) }));
  }

  bell.on((ring) => {
    metrics.rang();
    if (!('circle' in ring)) return;
    for (const id of ring.ids ?? []) {
      if (id.startsWith(memberPrefix)) void cutIfGone(ring.circle, id.slice(memberPrefix.length));
    }
  });

  async function cutIfGone(circle: string, person: string): Promise<void> {
    const role = await membership.roleOf(circle, person).catch(() => null);
    if (!role) gate.cut(circle, person);
  }

  const door = createFrontDoor({ origin: env.origin, gate, doorbell, api, pages, metrics, log });

  return {
    handle: door.handle,
    get setupToken() {
      return services.setup.token();
    },
    drain: door.drain,
    async close() {
      isClosed = true;
      door.drain();
      homecoming.stop();
      await Promise.all(background.map((part) => part.stop()));
    }
  };
}
