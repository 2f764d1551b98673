import { refusal } from '#domain/kinds.ts';
import { makePerson, personId } from '#domain/person/person.ts';
import { photoId } from '#domain/photo/photo.ts';
import { createCircleCopy, type CircleCopy } from './circle-copy.ts';
import { coalesced } from './coalesced.ts';
import { DeviceError } from './device-error.ts';
import type { DeviceStore } from './device-store.ts';
import type { Me } from './hub-api.ts';
import { createLine } from './line.ts';
import type { Doc, Log } from './log.ts';
import { meSetting } from './names.ts';
import { createPictures } from './pictures.ts';
import type { ReadModel } from './read-model.ts';
import { RemoteError } from './remote.ts';
import { storageTrouble } from './storage-trouble.ts';

export type Status = {
  waiting: number;
  refused: number;
  sending: boolean;
  offlineSince: number | null;
  joining: { circle: string; done: number; total: number } | null;
  storage: 'ok' | 'full' | 'broken';
  clockOffsetMs: number;
};

export type EngineNews = {
  changed(circle: string, listings: string[] | 'many'): void;
  status(status: Status): void;
  me(me: Me): void;
  /** The hub asks the same person to sign in again; nothing was deleted. */
  needsSignIn(): void;
};

export type EngineDeps = {
  me: Me;
  origin: string;
  fetch: typeof fetch;
  now: () => number;
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
const roomBytes = 20 * 1024 * 1024;

/**
 * This person's copy of everything: what the worker of each tab runs, and what the simulation runs in Node. It has no
 * timers: keeper.ts says when.
 */
export function createEngine(deps: EngineDeps) {
  const { model, store, news, now } = deps;
  let me = deps.me;
  let signedOut = false;
  let joining: Status['joining'] = null;
  let storage: Status['storage'] = 'ok';
  let sending = 0;
  let isClosed = false;
  const copies = new Map<string, CircleCopy>();
  const line = createLine(deps.fetch, now, announce, keepClock);
  const pictures = createPictures({ store, model, origin: deps.origin, fetch: line.fetch, now, uploaded, refused });

  const tellStatus = coalesced(async () => {
    if (isClosed) return;
    const [unsent, uploads, refusedCount] = await Promise.all([
      store.unsent.where('circle').anyOf(followed()).count(),
      pictures.waiting(followed()),
      store.refused.count()
    ]);
    news.status({
      waiting: unsent + uploads,
      refused: refusedCount,
      sending: sending > 0,
      offlineSince: line.offlineSince(),
      joining,
      storage,
      clockOffsetMs: line.clockOffsetMs()
    });
  });

  /** Behind the caller's back; a store that was closed meanwhile has nothing to tell. */
  function announce(): void {
    tellStatus().catch((error: unknown) => storageTrouble(error) ?? deps.report(error));
  }

  /** Now by the hub's clock, as far as this device knows it. */
  const hubNow = () => now() + line.clockOffsetMs();

  function keepClock(offsetMs: number): void {
    store.settings.put({ key: 'clock', value: offsetMs }).catch(() => undefined); // the next answer tells it again
  }

  function copyOf(circle: string): CircleCopy {
    const open = copies.get(circle);
    if (open) return open;
    const copy = createCircleCopy({
      account: me.id,
      circle,
      log: deps.openLog(circle),
      model,
      store,
      url: `${deps.origin}/db/${circle}`,
      fetch: line.fetch,
      now,
      news: {
        changed: (where, listings) => news.changed(where, listings.size > manyListings ? 'many' : [...listings]),
        unsentChanged: () => announce(),
        joining(progress) {
          joining = progress;
          announce();
        }
      }
    });
    copies.set(circle, copy);
    return copy;
  }

  /** The logs that are followed: mine and those of circles I have not left; an archive is left as it was. */
  const followed = () => ['me', ...me.circles.filter((circle) => !circle.leftAt).map((circle) => circle.id)];

  /** Tries the hub; what it answers about the line and the session is told, and only what is neither is thrown. */
  async function attempt(work: () => Promise<unknown>): Promise<boolean> {
    if (signedOut) return false;
    try {
      await work();
      return true;
    } catch (error) {
      const status = error instanceof RemoteError ? error.status : (error as { status?: number }).status;
      if (status === 401) {
        signedOut = true;
        news.needsSignIn();
      } else if (status === 404) void refreshMe();
      else if (storageTrouble(error)) await relieve(error);
      else if (status === undefined) deps.report(error);
      return false;
    }
  }

  /** Pictures are let go before anything else; what could not be stored is fetched again by the next try. */
  async function relieve(error: unknown): Promise<void> {
    if (storageTrouble(error) === 'full') await pictures.makeRoom(roomBytes).catch(() => undefined);
    await noteTrouble(error);
  }

  async function noteTrouble(error: unknown): Promise<void> {
    storage = storageTrouble(error) ?? storage;
    await tellStatus().catch(() => undefined);
  }

  async function sendFrom(circle: string): Promise<boolean> {
    sending++;
    announce();
    try {
      return await attempt(() => copyOf(circle).send());
    } finally {
      sending--;
      announce();
    }
  }

  const uploadPictures = coalesced(async (): Promise<boolean> => {
    if ((await pictures.waiting(followed())) === 0) return true;
    return attempt(() => pictures.upload(followed()));
  });

  async function uploaded(circle: string, hash: string): Promise<void> {
    const copy = copyOf(circle);
    const record = await copy.log.get(photoId(me.id, hash));
    const at = new Date(hubNow()).toISOString();
    if (record) await copy.save({ ...record, uploadedAt: at, updatedAt: at });
    void sendFrom(circle);
  }

  async function refused(circle: string, hash: string, code: string): Promise<void> {
    const id = photoId(me.id, hash);
    const record = (await copyOf(circle).log.get(id)) ?? {};
    await store.refused.put({ circle, id, code, reason: '', record, at: now() });
    announce();
  }

  /** What the store takes again says that its trouble is over. */
  async function held<T>(work: () => Promise<T>): Promise<T> {
    const value = await work();
    if (storage !== 'ok') {
      storage = 'ok';
      announce();
    }
    return value;
  }

  /** A write that the store refuses is tried once more after pictures were let go; then it is said in words. */
  async function stored<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await held(work);
    } catch (error) {
      if (!storageTrouble(error)) throw error;
      if (storageTrouble(error) === 'full') await pictures.makeRoom(roomBytes).catch(() => undefined);
      try {
        return await held(work);
      } catch (again) {
        const trouble = storageTrouble(again);
        if (!trouble) throw again;
        await noteTrouble(again);
        throw new DeviceError(`storage-${trouble}`);
      }
    }
  }

  async function refreshMe(): Promise<void> {
    await attempt(async () => {
      const answer = await line.fetch(`${deps.origin}/api/me`, { headers: { accept: 'application/json' } });
      if (!answer.ok) throw new RemoteError(answer.status, 'me');
      const now = (await answer.json()) as Me;
      // Another person's session in this browser: nothing of mine may go out under it.
      if (now.id !== me.id) throw new RemoteError(401, 'another person');
      await takeMe(now);
    });
  }

  async function takeMe(told: Me): Promise<void> {
    const era = (await store.settings.get('era'))?.value;
    me = told;
    await store.settings.bulkPut([
      { key: 'era', value: told.era },
      { key: meSetting, value: told }
    ]);
    news.me(told);
    announce(); // what waits is counted over the circles I am in
    if (era !== undefined && era !== told.era) for (const circle of followed()) await copyOf(circle).restart();
  }

  return {
    model,
    store,
    pictures,
    me: () => me,
    copyOf,
    followed,
    tellStatus,
    refreshMe,
    hubNow,
    lineLost: line.lost,

    /** Opens the tables, and remembers the hub's clock: a wrong one of the phone's must not count when opened offline. */
    async open(): Promise<void> {
      const [clock] = await Promise.all([store.settings.get('clock'), model.open()]);
      line.setClockOffset(Number(clock?.value ?? 0));
      await store.settings.put({ key: meSetting, value: me }).catch(() => undefined); // a full store says so elsewhere
    },

    /** Another tab read `/api/me`. */
    hear(told: Me): void {
      me = told;
      announce();
    },

    /** The same person is signed in again. */
    async resume(told: Me): Promise<void> {
      signedOut = false;
      await takeMe(told);
    },

    /** Saves a record of mine and sends it behind the caller's back; rejects with DeviceError when it may not stand. */
    async write(circle: string, doc: Doc): Promise<void> {
      const role = me.circles.find((one) => one.id === circle)?.role ?? 'member';
      const { _revisions, _conflicts, ...fields } = doc;
      void [_revisions, _conflicts];
      const why = refusal(fields, circle === 'me' ? 'me' : 'circle', { person: me.id, role });
      if (why) throw new DeviceError(why.code, why.message, why.field);
      await stored(() => copyOf(circle).save(fields as Doc));
      void sendFrom(circle);
    },

    /** The person read of a fault in the hub's answers. */
    async readDoubted(circle: string, id: string): Promise<void> {
      await store.findings.delete([circle, id]);
      news.changed(circle, []);
    },

    /** Keeps a picture and its record; the bytes follow in the background. */
    async addPicture(circle: string, record: Doc, hash: string, blob: Blob): Promise<void> {
      await stored(() => pictures.add(circle, hash, blob));
      await this.write(circle, record);
      void uploadPictures();
    },

    /** Rows follow the logs, wherever a crash or another version left them. */
    async projectAll(): Promise<void> {
      for (const circle of ['me', ...me.circles.map((one) => one.id)]) await stored(() => copyOf(circle).project());
    },

    /** Tells each circle that lacks it who I am: its people know each other by name. */
    async introduce(): Promise<void> {
      const at = { author: me.id, now: new Date(hubNow()).toISOString() };
      for (const circle of followed()) {
        if (circle === 'me' || ((await store.feeds.get(circle))?.since ?? null) === null) continue;
        const { log } = copyOf(circle);
        if ((await log.known([personId(me.id)])).size === 0)
          await this.write(circle, makePerson({ name: me.name }, at));
      }
    },

    /** A ring for one circle: what is new, by the fast path. */
    async ring(circle: string, seq?: string): Promise<unknown> {
      if (!followed().includes(circle)) return refreshMe();
      // The hub rings every circle on connecting; where it stands as it was left there is nothing to ask.
      if (seq !== undefined && (await store.feeds.get(circle))?.since === seq) return true;
      return attempt(() => copyOf(circle).pull());
    },

    /** Everything that waits, pictures last. False when something still waits for the line. */
    async sendAll(): Promise<boolean> {
      let all = true;
      for (const circle of followed()) {
        if ((await store.unsent.where('circle').equals(circle).count()) > 0) all = (await sendFrom(circle)) && all;
      }
      return (await uploadPictures()) && all;
    },

    /** The fast path over all circles; the one looked at first. */
    async pullAll(first?: string): Promise<boolean> {
      let all = true;
      const order = followed().sort((a, b) => Number(b === first) - Number(a === first));
      for (const circle of order) all = (await attempt(() => copyOf(circle).pull())) && all;
      return all;
    },

    /** The safety net over all circles. */
    async settleAll(): Promise<boolean> {
      let all = true;
      for (const circle of followed()) all = (await attempt(() => copyOf(circle).settle())) && all;
      return all;
    },

    async close(): Promise<void> {
      signedOut = true;
      isClosed = true;
      for (const copy of copies.values()) await copy.close().catch(() => undefined);
      copies.clear();
      model.close();
      store.close();
    }
  };
}
