import { DeviceError } from '../device-error.ts';
import type { Log, LogChange, Stored } from '../log.ts';
import { RemoteError } from '../remote.ts';
import { conflictsOf, createDocuments, docOf, isSound, winnerOf, type Documents } from './documents.ts';

/** What a log keeps: its documents, and how far it has replicated. It outlives the logs that are opened on it. */
export type LogDisk = { documents: Documents; checkpoint: string };

export const createLogDisk = (): LogDisk => ({ documents: createDocuments(), checkpoint: '0' });

const pullBatch = 500;

/** A log in memory: for simulations, where PouchDB's own time would be most of the run. */
export function createMemoryLog(disk: LogDisk = createLogDisk()): Log {
  const { documents } = disk;

  function missingOf(id: string, revs: string[]): string[] {
    const tree = documents.tree(id);
    return tree ? revs.filter((rev) => !tree.revisions.has(rev)) : revs;
  }

  const log: Log = {
    async get(id) {
      const tree = documents.tree(id);
      const winner = tree && winnerOf(tree);
      return winner && !winner.isDeleted ? docOf(tree, winner, { conflicts: true }) : null;
    },
    known: async (ids) => new Set(ids.filter((id) => documents.tree(id))),
    leaves: async (ids) =>
      ids.flatMap((id) => {
        const tree = documents.tree(id);
        return tree ? [...tree.leaves].map((leaf) => docOf(tree, leaf, { revs: true })) : [];
      }),
    async put(doc) {
      const rev = documents.put(doc);
      if (rev === null) throw new DeviceError('conflict');
      return rev;
    },
    async take(docs) {
      for (const doc of docs) if (isSound(doc)) documents.take(doc);
    },
    async takeNew(docs) {
      const known = await log.known(docs.map(({ _id }) => _id));
      await log.take(docs.filter(({ _id }) => !known.has(_id)));
      return known;
    },
    async missing(revs) {
      const entries = Object.entries(revs).map(([id, of]) => [id, missingOf(id, of)] as const);
      return Object.fromEntries(entries.filter(([, of]) => of.length > 0));
    },
    async changes(since, limit) {
      const found = documents.changes(Number(since), limit);
      const changes = found.map(({ id, tree }): LogChange => {
        const conflicts = conflictsOf(tree);
        const revs = [...tree.leaves].map((leaf) => leaf.rev);
        return { id, revs, doc: docOf(tree, winnerOf(tree), { conflicts: conflicts.length > 0 }) };
      });
      return { changes, last: found.at(-1)?.seq ?? Number(since) };
    },
    async pull(url, doFetch, since) {
      if (since !== undefined) disk.checkpoint = since;
      for (;;) {
        const page = await changesPage(url, doFetch, disk.checkpoint);
        const wanted = page.results.flatMap(({ id, changes }) =>
          missingOf(
            id,
            changes.map(({ rev }) => rev)
          ).map((rev) => ({ id, rev }))
        );
        if (wanted.length > 0) await log.take(await bulkGet(url, doFetch, wanted));
        disk.checkpoint = String(page.last_seq);
        if (page.results.length < pullBatch) return;
      }
    },
    close: async () => undefined,
    destroy: async () => undefined
  };
  return log;
}

type Page = { results: { id: string; changes: { rev: string }[] }[]; last_seq: string | number };

const changesPage = (url: string, doFetch: typeof fetch, since: string): Promise<Page> =>
  ask(doFetch, `${url}/_changes?style=all_docs&limit=${pullBatch}&since=${encodeURIComponent(since)}`);

async function bulkGet(url: string, doFetch: typeof fetch, docs: { id: string; rev: string }[]): Promise<Stored[]> {
  const { results } = await ask<{ results: { docs: ({ ok: Stored } | { error: object })[] }[] }>(
    doFetch,
    `${url}/_bulk_get?revs=true&latest=true`,
    { docs }
  );
  return results.flatMap((row) => row.docs.flatMap((at) => ('ok' in at ? [at.ok] : [])));
}

async function ask<T>(doFetch: typeof fetch, url: string, body?: object): Promise<T> {
  const headers = { 'content-type': 'application/json' };
  const answer = await doFetch(url, body ? { method: 'POST', headers, body: JSON.stringify(body) } : {});
  const text = await answer.text().catch((error: unknown) => {
    throw new RemoteError(0, String(error));
  });
  if (!answer.ok) throw new RemoteError(answer.status, text);
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new RemoteError(0, 'The answer was cut.');
  }
}
