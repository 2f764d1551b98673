import { DeviceError } from './device-error.ts';
import { createRemote, RemoteError, type RevRef } from './remote.ts';
import { startHistory, type Doc, type Log, type LogChange, type Stored } from './log.ts';
import { storageTrouble } from './storage-trouble.ts';
import { createTaken } from './taken.ts';

/** What is used of PouchDB; its own types stop at the seams that matter here. */
export type PouchConstructor = new (name: string, options?: object) => PouchDB.Database<object>;

// From the hub 500 a batch keeps the requests few; a first page is there before the second is asked for.
const pullBatch = 500;
// Joining brings pages, a ring one or two: of those it costs less to ask the log than to keep account.
const pageOfJoining = 50;

/** The log on PouchDB: adapter `idb` in the browser, `memory` in tests. */
export function createPouchLog(Pouch: PouchConstructor, name: string, options: object): Log {
  let opened: Promise<PouchDB.Database<object>> | null = null;
  let ended: Promise<unknown> = Promise.resolve();
  const taken = createTaken();

  const connection = () => (opened ??= ended.then(() => new Pouch(name, { auto_compaction: true, ...options })));

  /**
   * A connection that a full disk aborted or the browser closed never works again, and on a full disk none opens even
   * to read: the next call, after room was made, gets a new one.
   */
  async function using<T>(act: (db: PouchDB.Database<object>) => Promise<T>): Promise<T> {
    const current = connection();
    const db = await current;
    try {
      return await act(db);
    } catch (error) {
      if (storageTrouble(error) && opened === current) {
        opened = null;
        ended = db.close().catch(() => undefined);
      }
      throw error;
    }
  }

  async function knownOf(ids: string[]): Promise<Set<string>> {
    const { rows } = await using((db) => db.allDocs({ keys: ids }));
    return new Set(rows.flatMap((row) => ('error' in row ? [] : [row.id])));
  }

  async function take(docs: Stored[]): Promise<void> {
    if (docs.length === 0) return;
    const whole = docs.map((doc) => startHistory(withoutMarks(doc) as Stored));
    // One document that PouchDB cannot hold fails its whole batch; the others must not wait for it (R8).
    await using((db) =>
      db.bulkDocs(whole, { new_edits: false }).catch((error: unknown) => {
        ignoreInvalid(error);
        return takeOneByOne(db, whole);
      })
    );
  }

  async function takePage(docs: Stored[]): Promise<Set<string>> {
    const seqNow = () => using(async (db) => (await db.info()).update_seq);
    const ids = docs.map(({ _id }) => _id);
    const from = await seqNow();
    const known = taken.known(ids, from) ?? (await knownOf(ids));
    const fresh = docs.filter(({ _id }) => !known.has(_id));
    await take(fresh);
    taken.wrote(fresh, from, await seqNow());
    return known;
  }

  async function takeOneByOne(db: PouchDB.Database<object>, docs: Stored[]): Promise<void> {
    for (const doc of docs) await db.bulkDocs([doc], { new_edits: false }).catch(ignoreInvalid);
  }

  return {
    async get(id) {
      try {
        return plain(await using((db) => db.get(id, { conflicts: true })));
      } catch (error) {
        if (statusOf(error) === 404) return null;
        throw error;
      }
    },

    known: knownOf,

    async leaves(ids) {
      const found = await using((db) =>
        Promise.all(ids.map((id) => db.get(id, { open_revs: 'all', revs: true }).catch(unlessUnknown)))
      );
      return found.flatMap((leaves) => leaves.flatMap((leaf) => ('ok' in leaf ? [plain(leaf.ok)] : [])));
    },

    async put(doc) {
      try {
        return (await using((db) => db.put(withoutMarks(doc)))).rev;
      } catch (error) {
        if (statusOf(error) === 409) throw new DeviceError('conflict');
        throw error;
      }
    },

    take,

    async takeNew(docs) {
      if (docs.length >= pageOfJoining) return takePage(docs);
      taken.forget();
      const known = await knownOf(docs.map(({ _id }) => _id));
      await take(docs.filter(({ _id }) => !known.has(_id)));
      return known;
    },

    async missing(revs) {
      const diff = await using((db) => db.revsDiff(revs));
      return Object.fromEntries(Object.entries(diff).map(([id, at]) => [id, at.missing ?? []]));
    },

    async changes(since, limit) {
      const page = taken.page(since, limit);
      if (page) return page;
      const { results, last_seq } = await using((db) =>
        db.changes({ since, limit, include_docs: true, conflicts: true, style: 'all_docs' })
      );
      const changes = results.map((row): LogChange => ({
        id: row.id,
        revs: row.changes.map((change) => change.rev),
        doc: plain(row.doc)
      }));
      return { changes, last: last_seq };
    },

    async pull(url, doFetch, since) {
      const hub = overBadLines(new Pouch(url, { fetch: readable(doFetch), skip_setup: true }), url, doFetch);
      const from = since === undefined ? {} : { since };
      await using((db) => db.replicate.from(hub, { batch_size: pullBatch, ...from }).then(() => undefined));
    },

    close: async () => (await opened)?.close(),
    destroy: async () => (await connection()).destroy()
  };
}

function plain(doc: unknown): Stored {
  return doc as Stored;
}

function withoutMarks(doc: Doc): Doc {
  const { _conflicts, ...rest } = doc;
  void _conflicts;
  return rest;
}

function statusOf(error: unknown): number | undefined {
  return (error as { status?: number } | null)?.status;
}

function unlessUnknown(error: unknown): [] {
  if (statusOf(error) === 404) return [];
  throw error;
}

/**
 * The hub as PouchDB reads it, where the line may break at any moment. A first `_bulk_get` that did not get through PouchDB
 * takes for a database that knows none, and asks for each document by itself from then on. After each batch it asks where
 * the hub stands, for a display of its own, and nobody hears if that fails: what the first asking told does for it.
 */
function overBadLines(hub: PouchDB.Database<object>, url: string, doFetch: typeof fetch): PouchDB.Database<object> {
  const info = hub.info.bind(hub);
  const { bulkGet } = createRemote(url, doFetch);
  let told: ReturnType<typeof info> | null = null;
  hub.info = () => (told ??= info());
  hub.bulkGet = (async ({ docs }: { docs: RevRef[] }) => {
    const found = await bulkGet(docs);
    return { results: found.map((doc) => ({ id: doc._id, docs: [{ ok: doc }] })) };
  }) as typeof hub.bulkGet;
  return hub;
}

/** An answer that was cut, or a proxy's in words of its own, is as good as none; PouchDB would take it for a fault of ours. */
function readable(doFetch: typeof fetch): typeof fetch {
  return async (input, init) => {
    const answer = await doFetch(input, init);
    const json = answer.json.bind(answer);
    answer.json = () =>
      json().catch((error: unknown) => {
        throw new RemoteError(0, String(error));
      });
    return answer;
  };
}

/** PouchDB's names for a document that it will never store; all else is the store's trouble. */
const invalid = new Set(['doc_validation', 'missing_id', 'bad_request', 'invalid_id']);

function ignoreInvalid(error: unknown): void {
  if (!invalid.has((error as { name?: string } | null)?.name ?? '')) throw error;
}
