import type { Stored } from './log.ts';

/** The gate did not answer as asked: `status` 0 is no answer at all, or one that was cut. */
export class RemoteError extends Error {
  override name = 'RemoteError';
  status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export type RemoteChange = {
  id: string;
  seq: string;
  changes: { rev: string }[];
  deleted?: boolean;
  doc?: Stored;
};
export type RefusedRow = { id: string; error: string; reason: string };
export type RevRef = { id: string; rev: string };

export type Remote = ReturnType<typeof createRemote>;

/** The few calls of CouchDB's protocol that the fast path makes; `url` is `<origin>/db/<circle>`. */
export function createRemote(url: string, doFetch: typeof fetch) {
  async function call<T>(path: string, body?: unknown, base = url): Promise<T> {
    let answer: Response;
    let text: string;
    try {
      answer = await doFetch(`${base}${path}`, {
        method: body === undefined ? 'GET' : 'POST',
        headers:
          body === undefined
            ? { accept: 'application/json' }
            : { accept: 'application/json', 'content-type': 'application/json' },
        body: body === undefined ? null : JSON.stringify(body),
        cache: 'no-store'
      });
      text = await answer.text();
    } catch (error) {
      throw new RemoteError(0, String(error));
    }
    if (!answer.ok) throw new RemoteError(answer.status, text.slice(0, 200));
    try {
      return JSON.parse(text) as T;
    } catch {
      throw new RemoteError(0, 'The answer was cut.');
    }
  }

  return {
    url,
    fetch: doFetch,

    /** Where the database stands now. */
    async info(): Promise<{ seq: string; count: number }> {
      const info = await call<{ update_seq: string | number; doc_count: number }>('/');
      return { seq: String(info.update_seq), count: info.doc_count };
    },

    /** What changed after `since`, with winning documents and all leaf revisions. */
    async changes(since: string, limit: number): Promise<{ results: RemoteChange[]; last: string }> {
      const query = `include_docs=true&style=all_docs&limit=${limit}&since=${encodeURIComponent(since)}`;
      const page = await call<{ results: RemoteChange[]; last_seq: string | number }>(`/_changes?${query}`);
      return { results: page.results, last: String(page.last_seq) };
    },

    /** The newest documents with all leaf revisions, newest first. */
    async newest(limit: number): Promise<RemoteChange[]> {
      const query = `descending=true&limit=${limit}&include_docs=true&style=all_docs`;
      return (await call<{ results: RemoteChange[] }>(`/_changes?${query}`)).results;
    },

    /** Living documents in the order of their ids, from `startKey` on, with `_conflicts`. */
    async allDocs(startKey: string | null, limit: number): Promise<Stored[]> {
      const from = startKey === null ? '' : `&startkey=${encodeURIComponent(JSON.stringify(startKey))}`;
      const page = await call<{ rows: { doc?: Stored | null }[] }>(
        `/_all_docs?include_docs=true&conflicts=true&limit=${limit}${from}`
      );
      return page.rows.flatMap((row) => (row.doc ? [row.doc] : []));
    },

    /** These revisions with their histories; those that are gone are left out. */
    async bulkGet(docs: RevRef[]): Promise<Stored[]> {
      const got = await call<{ results: { docs: ({ ok: Stored } | { error: unknown })[] }[] }>('/_bulk_get?revs=true', {
        docs
      });
      return got.results.flatMap((row) => row.docs.flatMap((at) => ('ok' in at ? [at.ok] : [])));
    },

    /** Of these leaf revisions those the hub has not got. */
    async revsDiff(revs: Record<string, string[]>): Promise<Record<string, string[]>> {
      const diff = await call<Record<string, { missing?: string[] }>>('/_revs_diff', revs);
      return Object.fromEntries(Object.entries(diff).map(([id, at]) => [id, at.missing ?? []]));
    },

    /** After a restore: records of the hub's own that it may have lost; none say that this was all. */
    returned: (records: Stored[]) => call('/returned', { records }, url.replace('/db/', '/api/circles/')),

    /** Sends revisions as they are; answers the rows that were refused, for good. */
    async bulkDocs(docs: Stored[]): Promise<RefusedRow[]> {
      const rows = await call<(RefusedRow | { ok: true })[]>('/_bulk_docs', {
        docs,
        new_edits: false
      });
      return rows.filter((row): row is RefusedRow => 'error' in row);
    }
  };
}
