import type { Allotment } from '#domain/allotment/allotment.ts';
import type { Me } from '#data/hub-api.ts';
import type { Log } from '#data/log.ts';
import type { Timers } from '#data/timers.ts';
import type { Bell } from '#server/bell.ts';
import type { Couch } from '#server/couch.ts';
import type { GateDeps } from '#server/gate/gate.ts';
import type { HubChange, HubRecords } from '#server/hub-records.ts';
import { plainAnswer } from './answer.ts';

type AnyFetch = (url: string, init: RequestInit) => Promise<Response>;

/** Where a fault can be planted: each hook replaces one thing that a shipped part is given. */
export type Plant = {
  timers?(timers: Timers): Timers;
  log?(log: Log): Log;
  fetch?(send: AnyFetch): AnyFetch;
  hear?(me: Me): Me;
  storeFetch?(send: AnyFetch): AnyFetch;
  hubRecords?(records: HubRecords): HubRecords;
  sessions?(sessions: GateDeps['sessions']): GateDeps['sessions'];
  gateMembership?(membership: GateDeps['membership']): GateDeps['membership'];
  doorbellBell?(bell: Bell): Bell;
  notaryCouch?(couch: Couch): Couch;
};

const isWrite = (url: string) => url.includes('/_bulk_docs');
const bodyOf = <T>(init: RequestInit) => JSON.parse(String(init.body)) as T;
type Docs = { docs: { _id: string; updatedAt?: string }[] };

/** The hub's answers, each changed before it is sealed. */
const answering = (records: HubRecords, to: (answer: Allotment) => object): HubRecords => ({
  ...records,
  putAll: (name, changes) =>
    records.putAll(
      name,
      changes.map((one) => ({
        ...one,
        change: (before) => {
          const after = one.change(before);
          return after && one.id.includes(':allotment:') ? to(after as Allotment) : after;
        }
      })) as HubChange<never>[]
    )
});

/** The next line of a log, past which every word goes. */
const logging = (change: (log: Log) => Partial<Log>) => (log: Log) => ({ ...log, ...change(log) });

/** Faults of the kind that people make, one line each. The simulation must find every one, and none without it. */
export const plants: Record<string, Plant> = {
  'lost-retry': {
    timers: (timers) => ({
      ...timers,
      set: (run, ms) => (ms >= 100 && ms < 240_000 && ms !== 2_000 ? null : timers.set(run, ms))
    })
  },
  'safety-net-without-pause': {
    timers: (timers) => ({ ...timers, set: (run, ms) => timers.set(run, ms === 240_000 ? 1_000 : ms) })
  },
  'sent-on-a-lost-answer': {
    fetch: (send) => (url, init) =>
      isWrite(url) ? send(url, init).catch(() => plainAnswer(201, '[]')) : send(url, init)
  },
  'projection-misses-a-withdrawal': {
    log: logging((log) => ({
      changes: async (since, limit) => {
        const page = await log.changes(since, limit);
        return { ...page, changes: page.changes.filter(({ doc }) => doc['status'] !== 'withdrawn') };
      }
    }))
  },
  'place-ahead-of-its-rows': {
    log: logging((log) => ({
      changes: async (since, limit) => {
        const page = await log.changes(since, limit);
        return { ...page, changes: page.changes.length > 1 ? page.changes.slice(0, -1) : page.changes };
      }
    }))
  },
  'merge-ends-the-winner': {
    log: logging((log) => ({
      put: async (doc) => log.put(doc._deleted ? { ...doc, _rev: (await log.get(doc._id))?._rev ?? doc._rev } : doc)
    }))
  },
  'history-forgotten': {
    log: logging((log) => ({
      take: (docs) => log.take(docs.map(({ _revisions: _, ...doc }) => doc as (typeof docs)[number]))
    }))
  },
  'archive-keeps-pulling': {
    fetch: (send) => async (url, init) => {
      const answer = await send(url, init);
      if (!url.endsWith('/api/me') || !answer.ok) return answer;
      return plainAnswer(200, (await answer.text()).replaceAll('"leftAt"', '"formerly"'));
    }
  },
  'left-and-asked-once-more': {
    fetch: (send) => async (url, init) => {
      const answer = await send(url, init);
      const told = url.endsWith('/api/me') && answer.ok ? await answer.text() : '';
      const left = /"id":"([^"]+)"[^}]*"leftAt"/.exec(told)?.[1];
      if (left) setImmediate(() => void send(url.replace('/api/me', `/db/${left}/`), {}).catch(() => undefined));
      return answer;
    }
  },
  'page-told-of-no-leaving': {
    hear: (me) => ({ ...me, circles: me.circles.map(({ leftAt: _, ...circle }) => circle) })
  },
  'restore-unnoticed': {
    fetch: (send) => async (url, init) => {
      const answer = await send(url, init);
      if (!url.endsWith('/api/me') || !answer.ok) return answer;
      return plainAnswer(200, (await answer.text()).replace(/"era":"\w+"/, '"era":"one"'));
    }
  },
  'acknowledged-and-dropped': {
    storeFetch: (send) => (url, init) => {
      const { docs } = isWrite(url) ? bodyOf<Docs>(init) : { docs: [] };
      return docs.length > 1
        ? send(url, { ...init, body: JSON.stringify({ ...bodyOf<Docs>(init), docs: docs.slice(1) }) })
        : send(url, init);
    }
  },
  'arrival-by-phone-clock': {
    notaryCouch: (couch) => ({ ...couch, database: (name) => byPhoneClock(couch.database(name)) })
  },
  'a-place-forgotten': {
    hubRecords: (records) =>
      answering(records, (answer) => ({ ...answer, places: answer.places.filter(({ arrival }) => arrival !== 3) }))
  },
  'released-unasked': {
    hubRecords: (records) =>
      answering(records, (answer) => ({
        ...answer,
        places: answer.places.map((place) =>
          place.state === 'to-confirm'
            ? { ...place, state: 'refused', why: { ...place.why, code: 'not-confirmed' } }
            : place
        )
      }))
  },
  'asked-for-ever': {
    hubRecords: (records) =>
      answering(records, (answer) => ({
        ...answer,
        places: answer.places.map((place) =>
          place.why.code === 'not-confirmed' ? { ...place, state: 'to-confirm' } : place
        )
      }))
  },
  'picture-sent-on-a-lost-answer': {
    fetch: (send) => (url, init) =>
      init.method === 'PUT' ? send(url, init).catch(() => plainAnswer(201, '{}')) : send(url, init)
  },
  'one-too-many': {
    hubRecords: (records) =>
      answering(records, (answer) => ({
        ...answer,
        places: answer.places.map((place) => (place.state === 'waiting' ? { ...place, state: 'given' } : place))
      }))
  },
  'no-why': {
    hubRecords: (records) =>
      answering(records, (answer) => ({
        ...answer,
        places: answer.places.map((place) => ({ ...place, why: undefined }))
      }))
  },
  'another-author-let-through': {
    sessions: ({ find }) => ({
      find: async (req) => {
        const session = await find(req);
        const [, author] = /"_id":"(\w+):comment:/.exec((req as unknown as { body?: string }).body ?? '') ?? [];
        return session && author ? { ...session, account: author } : session;
      }
    })
  },
  'membership-never-forgotten': {
    gateMembership: ({ roleOf }) => ({ roleOf: async (circle, person) => (await roleOf(circle, person)) ?? 'member' })
  },
  'delivered-to-the-next': {
    hubRecords: (records) => ({
      ...records,
      put: (home, id, change) =>
        records.put(id.startsWith('hub:delivered:') && home === 'me-mei' ? 'me-lin' : home, id, change)
    })
  },
  'word-never-taken-back': {
    hubRecords: (records) => ({ ...records, remove: async () => undefined })
  },
  'falls-over-and-tries-again': {
    hubRecords(records) {
      let batches = 0;
      return {
        ...records,
        putAll: (name, changes) =>
          ++batches % 3 === 0 ? Promise.reject(new TypeError('of undefined')) : records.putAll(name, changes)
      };
    }
  },
  'deaf-doorbell': { doorbellBell: (bell) => ({ ...bell, on: () => () => undefined }) }
};

/** A database that tells changes in the order in which phones say they were made. */
function byPhoneClock(database: ReturnType<Couch['database']>): ReturnType<Couch['database']> {
  return {
    ...database,
    async changes(options) {
      const page = await database.changes({ ...options, includeDocs: true });
      const at = ({ doc }: (typeof page.results)[number]) => String(doc?.['updatedAt'] ?? '');
      return { ...page, results: page.results.toSorted((a, b) => (at(a) < at(b) ? -1 : 1)) };
    }
  };
}

export const plantNames = Object.keys(plants);
