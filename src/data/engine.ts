import { refusal } from '#domain/kinds.ts';
import { makePerson, personId } from '#domain/person/person.ts';
import { createAttempts } from './attempts.ts';
import { createCircleCopy, type CircleCopy } from './circle-copy.ts';
import { DeviceError } from './device-error.ts';
import type { DeviceStore } from './device-store.ts';
import type { Me } from './hub-api.ts';
import { createLine } from './line.ts';
import type { Doc, Log } from './log.ts';
import { meSetting } from './names.ts';
import { createPictures } from './pictures.ts';
import type { ReadModel } from './read-model.ts';
import { createRounds } from './rounds.ts';
import { createSending } from './sending.ts';
import { createStanding } from './standing.ts';
import { createStatusTeller, type Status } from './status.ts';
import { createStoreGuard } from './store-guard.ts';
import type { Timers } from './timers.ts';
import { unsentThings } from './unsent.ts';
import { unshown } from './unshown.ts';

export type EngineNews = {
  changed(circle: string, listings: string[] | 'many'): void;
  status(status: Status): void;
  me(me: Me): void;
  /** The hub asks the same person to sign in again; nothing was deleted. */
  needsSignIn(): void;
  /** Something did not get through to the hub or back: whoever keeps the copy in step tries again. */
  failed(): void;
};

export type EngineDeps = {
  me: Me;
  origin: string;
  fetch: typeof fetch;
  now: () => number;
  timers: Timers;
  openLog(circle: string): Log;
  model: ReadModel;
  store: DeviceStore;
  news: EngineNews;
  /** Hears of errors that nobody expected. */
  report(error: unknown): void;
};

export type Engine = ReturnType<typeof createEngine>;

// Above this a list of what changed is longer than looking again.
const manyListings = 200;

/**
 * This person's copy of everything: what the worker of each tab runs, and what the simulation runs in Node. It puts the
 * parts together and begins nothing by itself: keeper.ts says when.
 */
export function createEngine(deps: EngineDeps) {
  const { model, store, news, now, report } = deps;
  let joining: Status['joining'] = null;
  const copies = new Map<string, CircleCopy>();

  const status = createStatusTeller({ read: readStatus, tell: news.status, report });
  const { announce } = status;
  const line = createLine({ fetch: deps.fetch, now, timers: deps.timers, changed: announce, clockFound: keepClock });
  const pictures = createPictures({
    store,
    model,
    origin: deps.origin,
    fetch: line.fetch,
    now,
    follows: (circle) => standing.follows(circle),
    uploaded: (circle, hash) => sending.uploaded(circle, hash),
    refused: (circle, hash, code) => sending.refused(circle, hash, code)
  });
  const guard = createStoreGuard({ makeRoom: pictures.makeRoom, now, changed: status.tell });
  const attempts = createAttempts({
    signedOut: news.needsSignIn,
    circleGone: () => void standing.refresh(),
    storeTroubled: guard.relieve,
    failed: news.failed,
    report
  });
  const standing = createStanding({
    me: deps.me,
    origin: deps.origin,
    fetch: line.fetch,
    store,
    attempts,
    told(me) {
      news.me(me);
      announce(); // what waits is counted over the circles I am in
    },
    entered(circles) {
      for (const circle of circles) {
        void sending.sendFrom(circle);
        void rounds.ring(circle);
      }
    },
    async restored() {
      // A copy that does not come to it now does when it next asks for news.
      for (const circle of standing.followed()) await copyOf(circle).pull();
      void sending.sendPictures();
    }
  });
  const sending = createSending({ standing, attempts, store, pictures, copyOf, now, hubNow, announce });
  const rounds = createRounds({ standing, attempts, store, copyOf });

  async function readStatus(): Promise<Status> {
    const followed = standing.followed();
    const [unsent, refused] = await Promise.all([unsentThings(store, model, standing.me().id), store.refused.count()]);
    return {
      waiting: unsent.filter(({ circle }) => followed.includes(circle)).length,
      refused,
      sending: sending.isSending(),
      offlineSince: line.offlineSince(),
      joining,
      storage: guard.state(),
      clockOffsetMs: line.clockOffsetMs()
    };
  }

  /** Now by the hub's clock, as far as this device knows it. */
  function hubNow(): number {
    return now() + line.clockOffsetMs();
  }

  function keepClock(offsetMs: number): void {
    store.settings.put({ key: 'clock', value: offsetMs }).catch(() => undefined); // the next answer tells it again
  }

  function copyOf(circle: string): CircleCopy {
    const open = copies.get(circle);
    if (open) return open;
    const copy = createCircleCopy({
      account: standing.me().id,
      circle,
      log: deps.openLog(circle),
      model,
      store,
      url: `${deps.origin}/db/${circle}`,
      fetch: standing.fetchFor(circle),
      now,
      era: () => standing.me().era,
      news: {
        changed: (where, listings) => news.changed(where, listings.size > manyListings ? 'many' : [...listings]),
        unsentChanged: announce,
        toSend: (where) => void sending.sendFrom(where),
        async restored(where) {
          await pictures.offerAgain(where, standing.me().id);
          void sending.sendPictures();
        },
        joining(progress) {
          joining = progress;
          announce();
        }
      }
    });
    copies.set(circle, copy);
    return copy;
  }

  /** Saves a record of mine and sends it behind the caller's back; rejects with DeviceError when it may not stand. */
  async function write(circle: string, doc: Doc): Promise<void> {
    const me = standing.me();
    const role = me.circles.find((one) => one.id === circle)?.role ?? 'member';
    const { _revisions, _conflicts, ...fields } = doc;
    void [_revisions, _conflicts];
    const why = refusal(fields, circle === 'me' ? 'me' : 'circle', { person: me.id, role });
    if (why) throw new DeviceError(why.code, why.message, why.field);
    await guard.stored(() => copyOf(circle).save(fields as Doc, () => void sending.sendFrom(circle)));
  }

  return {
    model,
    store,
    pictures,
    me: standing.me,
    copyOf,
    followed: standing.followed,
    tellStatus: status.tell,
    refreshMe: standing.refresh,
    refreshMissedMe: standing.refreshMissed,
    hubNow,
    lineLost: line.lost,
    write,
    sendAll: sending.sendAll,
    ...rounds,

    /** Opens the tables, and remembers the hub's clock: a wrong one of the phone's must not count when opened offline. */
    async open(): Promise<void> {
      const [clock, told] = await Promise.all([
        store.settings.get('clock'),
        store.settings.get(meSetting),
        model.open()
      ]);
      line.setClockOffset(Number(clock?.value ?? 0));
      // Written only where it is news: a first screen waits for this.
      if (JSON.stringify(told?.value) === JSON.stringify(standing.me())) return;
      await store.settings.put({ key: meSetting, value: standing.me() }).catch(() => undefined); // a full store says so elsewhere
    },

    /** Another tab read `/api/me`. */
    hear(told: Me): void {
      standing.hear(told);
      announce();
    },

    /** The same person is signed in again. */
    async resume(told: Me): Promise<void> {
      attempts.resume();
      await standing.take(told);
    },

    /** The person read of a fault in the hub's answers. */
    async readDoubted(circle: string, id: string): Promise<void> {
      await store.findings.delete([circle, id]);
      news.changed(circle, []);
    },

    /** Keeps a picture and its record; the bytes follow in the background. */
    async addPicture(circle: string, record: Doc, hash: string, blob: Blob): Promise<void> {
      await guard.stored(() => pictures.add(circle, hash, blob));
      await write(circle, record);
      void sending.sendPictures();
    },

    /** Takes back those of my pictures among these that nothing of mine shows any more: their records, and their bytes here. */
    async dropPictures(circle: string, ids: readonly string[]): Promise<void> {
      for (const id of await unshown({ model, store }, circle, standing.me().id, ids)) {
        const record = await copyOf(circle).log.get(id);
        if (record) await write(circle, { _id: id, _rev: record._rev, _deleted: true });
        await pictures.drop(circle, id);
      }
    },

    /** Rows follow the logs, wherever a crash or another version left them. */
    async projectAll(): Promise<void> {
      for (const circle of standing.all()) await guard.stored(() => copyOf(circle).project());
    },

    /** Tells each circle that lacks it who I am: its people know each other by name. */
    async introduce(): Promise<void> {
      const me = standing.me();
      const at = { author: me.id, now: new Date(hubNow()).toISOString() };
      for (const circle of standing.followed()) {
        if (circle === 'me' || ((await store.feeds.get(circle))?.since ?? null) === null) continue;
        const { log } = copyOf(circle);
        if ((await log.known([personId(me.id)])).size > 0) continue;
        await write(circle, makePerson({ name: me.name }, at)).catch(unlessConflict);
      }
    },

    async close(): Promise<void> {
      attempts.end();
      status.close();
      for (const copy of copies.values()) await copy.close().catch(() => undefined);
      copies.clear();
      model.close();
      store.close();
    }
  };
}

/** Another device of mine had said it: a ring brought that in between. */
function unlessConflict(error: unknown): void {
  if (!(error instanceof DeviceError && error.code === 'conflict')) throw error;
}
