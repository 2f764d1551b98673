import type { Couch } from './couch.ts';
import type { Membership } from './membership.ts';
import { noteRestored } from './notary/returned.ts';
import { seenEveryMs, sessionId, type Session, type SessionDocument } from './sessions.ts';
import { documentsWith, systemName, updateDocument } from './system.ts';
import type { Timers } from './timers.ts';

/*
 * After a restore the hub knows less than its devices. Until those that were seen in the last day before the backup have handed back what
 * they have, an hour at most, nothing is settled: else a thing could be given twice.
 */

const dayMs = 86_400_000;
const longestMs = 3_600_000;
/** How often the hub looks whether the time is over, or a device signed out and will not come. */
const lookEveryMs = 60_000;
/** Devices come back in crowds; all that came within this time are looked at together. */
const lookSoonMs = 250;

const documentId = 'homecoming';
/** `seenAfter`: devices seen after it are waited for. `over`: when the waiting ended. */
type HomecomingDocument = { era: string; beganAt: string; until: string; seenAfter: string; over?: string };

/** Where a device hands back to: a circle, or her own database. */
export type Where = string;

export type Waiting = { until: string; devices: number; missing: number };

export type Homecoming = {
  /** Resolves when the notary may settle; at once where there is nothing to wait for. */
  readonly over: Promise<void>;
  /** Whether the hub was ever restored. */
  readonly restored: boolean;
  waiting(): Waiting | null;
  /** This device says that it has handed back all it has of this place. */
  cameBack(session: Session, where: Where): Promise<void>;
  stop(): void;
};

/** What an operator should know while the notary waits after a restore. */
export function homecomingInWords({ devices, missing, until }: Waiting): string {
  return `The hub was restored from a backup: claims are settled once ${missing} of ${devices} devices have come back, at ${until} at the latest.`;
}

type Deps = {
  couch: Couch;
  clock: () => number;
  timers: Timers;
  membership: Pick<Membership, 'circlesOf' | 'memberOf'>;
  log: { info(fields: object, sentence: string): void };
};

/** Notes, before a new era stands, where each circle is and which devices are waited for; the hour begins. */
export async function beginHomecoming(couch: Couch, clock: () => number, era: string): Promise<void> {
  for (const name of await couch.list()) if (name.startsWith('c-')) await noteRestored(couch.database(name));
  const system = couch.database(systemName);
  const sessions = await documentsWith<SessionDocument>(system, sessionPrefix);
  const seen = sessions.map(({ seenAt }) => Date.parse(seenAt));
  const last = seen.length === 0 ? clock() : seen.reduce((a, b) => Math.max(a, b));
  await updateDocument<HomecomingDocument>(system, documentId, () => ({
    era,
    beganAt: new Date(clock()).toISOString(),
    until: new Date(clock() + longestMs).toISOString(),
    seenAfter: new Date(last - dayMs - seenEveryMs).toISOString()
  }));
}

const sessionPrefix = 'session:';

/** How the hub stands with its devices, for who looks at its database only. */
export async function readHomecoming(couch: Couch, membership: Deps['membership']): Promise<Waiting | null> {
  const document = await couch.database(systemName).get<HomecomingDocument>(documentId);
  if (!document || document.over) return null;
  const devices = await devicesOf(couch, membership, document);
  return { until: document.until, devices: devices.length, missing: devices.filter(({ isBack }) => !isBack).length };
}

/** Goes on with the waiting where the last start left it. */
export async function openHomecoming(deps: Deps): Promise<Homecoming> {
  const { couch, clock, timers, membership, log } = deps;
  const system = couch.database(systemName);
  const document = await system.get<HomecomingDocument>(documentId);
  let isOver = !document || document.over !== undefined;
  let now: Waiting | null = null;
  let timer: unknown;
  let nextLookAt = Infinity;
  let resolve = () => {};
  const over = new Promise<void>((done) => (resolve = done));

  async function end(sentence: string): Promise<void> {
    // On disk first: a database that does not answer now is asked at the next look, and until then nothing is over.
    await updateDocument<HomecomingDocument>(
      system,
      documentId,
      (before) => before && { ...before, over: new Date(clock()).toISOString() }
    );
    if (isOver) return;
    isOver = true;
    timers.clear(timer);
    log.info({ devices: now?.devices ?? 0, missing: now?.missing ?? 0 }, sentence);
    now = null;
    resolve();
  }

  async function look({ until, ...rest }: HomecomingDocument): Promise<void> {
    const devices = await devicesOf(couch, membership, { until, ...rest });
    now = { until, devices: devices.length, missing: devices.filter(({ isBack }) => !isBack).length };
    if (isOver) return;
    if (now.missing === 0) return end('after the restore every device is back, claims are settled again');
    const leftMs = Date.parse(until) - clock();
    if (leftMs <= 0) return end('an hour after the restore some devices are not back, claims are settled without them');
    lookIn(Math.min(lookEveryMs, leftMs));
  }

  function lookIn(ms: number): void {
    const at = clock() + ms;
    if (at >= nextLookAt) return;
    timers.clear(timer);
    nextLookAt = at;
    timer = timers.set(() => {
      nextLookAt = Infinity;
      // A database that does not answer now will at the next look; the hour runs on.
      look(document!).catch(() => lookIn(lookEveryMs));
    }, ms);
  }

  if (isOver) resolve();
  else {
    await look(document!);
    if (!isOver)
      log.info(
        now!,
        'the hub was restored: claims are settled once the devices are back, an hour after the start at most'
      );
  }

  return {
    over,
    restored: document !== null,
    waiting: () => (isOver ? null : now),
    async cameBack(session, where) {
      if (isOver) return;
      const { era } = document!;
      const device = await updateDocument<SessionDocument>(system, sessionId(session), (before) => {
        const from = before?.returned?.era === era ? before.returned.from : [];
        return before && !from.includes(where) ? { ...before, returned: { era, from: [...from, where] } } : null;
      });
      if (device && (await isBack(device, document!, membership))) lookIn(lookSoonMs);
    },
    stop: () => timers.clear(timer)
  };
}

/** A device is a session that has listened at the doorbell: other clients hand nothing back. */
async function devicesOf(
  couch: Couch,
  membership: Deps['membership'],
  { era, seenAfter, beganAt }: HomecomingDocument
): Promise<{ isBack: boolean }[]> {
  const sessions = await documentsWith<SessionDocument>(couch.database(systemName), sessionPrefix);
  const devices = sessions.filter(
    ({ listens, seenAt, createdAt }) => listens && seenAt >= seenAfter && createdAt <= beganAt
  );
  return Promise.all(devices.map(async (device) => ({ isBack: await isBack(device, { era, beganAt }, membership) })));
}

/** Whoever joined a circle after the restore has nothing older of it. */
async function isBack(
  { account, returned }: SessionDocument,
  { era, beganAt }: Pick<HomecomingDocument, 'era' | 'beganAt'>,
  membership: Deps['membership']
): Promise<boolean> {
  if (returned?.era !== era) return false;
  for (const circle of await membership.circlesOf(account)) {
    if (returned.from.includes(circle)) continue;
    const member = await membership.memberOf(circle, account);
    if (member && member.joinedAt <= beganAt) return false;
  }
  return returned.from.includes('me');
}
