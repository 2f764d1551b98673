import { ringOf, type Bell } from './bell.ts';
import type { Couch } from './couch.ts';
import type { Database } from './couch-database.ts';
import { canonicalJson, type HubKey } from './hub-key.ts';

export type HubChange<T> = {
  id: string;
  /** What the caller has just read, null when there is none; left out, it is read here. */
  before?: T | null;
  /** The new content, with or without the common fields; null when nothing is to change. Called again after a conflict. */
  change: (before: T | null) => object | null;
};

/** R11: the hub's own records. Every write carries the next `counter` and a `signature`, so that a lost one can be proven. */
export type HubRecords = {
  /** Writes one; answers how it stands afterwards, null when there is none. Equal content is no change. */
  put<T>(database: string, id: string, change: (before: T | null) => object | null): Promise<T | null>;
  /** The same for many in one request; answers in their order. */
  putAll<T>(database: string, changes: readonly HubChange<T>[]): Promise<(T | null)[]>;
  /** R4: leaves a tombstone without fields. One that is not there is no error. */
  remove(database: string, id: string): Promise<void>;
};

/** Only another hub's process can write the same record, so a conflict is rare and this many in a row are a fault. */
const attempts = 10;

/** Rings the bell for every write that is on disk. */
export function createHubRecords(deps: { couch: Couch; bell: Bell; key: HubKey; clock: () => number }): HubRecords {
  const { couch, bell, key, clock } = deps;

  /** Without an answer it may have been written all the same, and whoever goes by what stood before must look again. */
  const write = (name: string, docs: { _id: string; _rev?: string; _deleted?: true }[]) =>
    couch
      .database(name)
      .bulkDocs(docs)
      .catch((error: unknown) => {
        ringFor(
          bell,
          name,
          docs.map(({ _id }) => _id)
        );
        throw error;
      });

  const putAll = async <T>(name: string, changes: readonly HubChange<T>[]): Promise<(T | null)[]> => {
    const database = couch.database(name);
    const standing = new Map<string, T | null>();
    for (const { id, before } of changes) if (before !== undefined) standing.set(id, before);
    let open = changes;
    for (let attempt = 0; open.length > 0; attempt++) {
      if (attempt === attempts) throw new Error(`The hub's records in ${name} are being changed by somebody else`);
      await readMissing(database, standing, open);
      const writes = open.flatMap((one) => {
        const before = standing.get(one.id) ?? null;
        const seal = (record: object) => key.sign(record, name);
        const record = sealed(one.id, before as Stored | null, one.change(before), clock(), seal);
        return record ? [{ one, record }] : [];
      });
      open = [];
      if (writes.length === 0) break;
      const rows = await write(
        name,
        writes.map(({ record }) => record)
      );
      const written: string[] = [];
      for (const [index, { one, record }] of writes.entries()) {
        const row = rows[index];
        if (row?.rev) {
          written.push(one.id);
          standing.set(one.id, { ...record, _rev: row.rev } as T);
        } else if (row?.error === 'conflict') {
          standing.delete(one.id);
          open = [...open, one];
        } else {
          throw new Error(`The database refused ${one.id}: ${row?.error ?? 'no answer'}`);
        }
      }
      ringFor(bell, name, written);
    }
    return changes.map(({ id }) => standing.get(id) ?? null);
  };

  return {
    putAll,
    put: async <T>(name: string, id: string, change: (before: T | null) => object | null) =>
      (await putAll<T>(name, [{ id, change }]))[0] ?? null,
    async remove(name, id) {
      const database = couch.database(name);
      for (let attempt = 0; attempt < attempts; attempt++) {
        const before = await database.get<Stored>(id);
        if (!before) return;
        const [row] = await write(name, [{ _id: id, _rev: before._rev, _deleted: true }]);
        if (row?.rev) return ringFor(bell, name, [id]);
      }
      throw new Error(`${id} is being changed by somebody else`);
    }
  };
}

type Stored = { _id: string; _rev: string; createdAt: string; updatedAt: string; counter: number; signature: string };

/** The record to write, or null when `content` says nothing that does not stand already. */
function sealed(
  id: string,
  before: Stored | null,
  content: object | null,
  at: number,
  seal: (record: object) => string
): Stored | null {
  if (!content) return null;
  if (before && canonicalJson(contentOf(before)) === canonicalJson(contentOf(content))) return null;
  const now = new Date(at).toISOString();
  const record = {
    ...contentOf(content),
    _id: id,
    kind: id.split(':')[1],
    v: 1,
    createdAt: before?.createdAt ?? now,
    updatedAt: now,
    counter: (before?.counter ?? 0) + 1
  };
  const signature = seal(record);
  return { ...record, signature, ...(before && { _rev: before._rev }) } as Stored;
}

const envelope = new Set(['_id', '_rev', 'kind', 'v', 'createdAt', 'updatedAt', 'counter', 'signature']);

const contentOf = (record: object): object =>
  Object.fromEntries(Object.entries(record).filter(([field]) => !envelope.has(field)));

async function readMissing<T>(database: Database, standing: Map<string, T | null>, wanted: readonly HubChange<T>[]) {
  const keys = wanted.map(({ id }) => id).filter((id) => !standing.has(id));
  if (keys.length === 0) return;
  const { rows } = await database.allDocs<T>({ keys, includeDocs: true });
  for (const [index, id] of keys.entries()) standing.set(id, rows[index]?.doc ?? null);
}

function ringFor(bell: Bell, database: string, ids: string[]): void {
  const ring = ringOf(database, { ids });
  if (ring && ids.length > 0) bell.ring(ring);
}
