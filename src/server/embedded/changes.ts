import type { Databases, Open } from './databases.ts';
import { flag, isObject, jsonQuery, numberQuery, StoreFault, writeChunk, type Call } from './http.ts';
import type { ChangeRow } from './pouch.ts';
import { parseSequence, sequenceText } from './sequence.ts';

// Rows read at once: few enough that a write never waits long for a scan, many enough that paging costs nothing.
const pageSize = 500;

// CouchDB's default and its longest wait without heartbeats.
const defaultTimeoutMs = 60_000;

type Scan = {
  limit: number;
  descending: boolean;
  interval: number;
  options: object;
};

type Page = { rows: ChangeRow[]; position: number; pending: number; instance: string };

function readScan(query: URLSearchParams, body: Record<string, unknown>): Scan {
  const filter = query.get('filter');
  if (filter !== null && filter !== '_doc_ids') throw new StoreFault(400, 'bad_request', 'unknown builtin filter name');
  const ids = filter
    ? isObject(body) && 'doc_ids' in body
      ? body['doc_ids']
      : jsonQuery(query, 'doc_ids')
    : undefined;
  if (filter && !(Array.isArray(ids) && ids.every((id) => typeof id === 'string'))) {
    throw new StoreFault(400, 'bad_request', '`doc_ids` filter parameter is not a list of doc ids.');
  }
  const limit = numberQuery(query, 'limit');
  const descending = flag(query, 'descending');
  const options = {
    descending,
    style: query.get('style') ?? 'main_only',
    include_docs: flag(query, 'include_docs'),
    conflicts: flag(query, 'conflicts'),
    ...(filter ? { doc_ids: ids } : {})
  };
  // In CouchDB a limit of 0 is one of 1.
  return {
    limit: limit === undefined ? Infinity : Math.max(1, limit),
    descending,
    interval: numberQuery(query, 'seq_interval') ?? 1,
    options
  };
}

/** One page after `since`. A page that is not full has read everything up to where the database stood, filtered rows included. */
function readPage(open: Open, since: number, { options, descending }: Scan, room: number): Promise<Page> {
  return open.lock.read(async () => {
    const size = descending ? room : Math.min(room, pageSize);
    const limit = size === Infinity ? {} : { limit: size };
    const { results: rows } = await open.pouch.changes({ ...options, ...limit, since });
    const last = rows.at(-1)?.seq ?? since;
    const full = rows.length >= size;
    const position = full || descending ? last : open.seq;
    // At most this many: superseded sequences in between are counted too.
    const pending = full && !descending ? open.seq - position : 0;
    return { rows, position, pending, instance: open.instance };
  });
}

/** `GET` and `POST /db/_changes`, normal and longpoll. */
export async function sendChanges(
  call: Call,
  databases: Databases,
  name: string,
  body: Record<string, unknown>
): Promise<void> {
  const { query, res } = call;
  const scan = readScan(query, body);
  const feed = query.get('feed') ?? 'normal';
  if (feed !== 'normal' && feed !== 'longpoll')
    throw new StoreFault(400, 'bad_request', 'Supported `feed` types: normal, longpoll');
  let since = await databases.use(name, async (open) =>
    parseSequence(query.get('since') ?? '0', open.instance, open.seq)
  );
  if (since === null) {
    if (!databases.has(name)) throw new StoreFault(404, 'not_found', 'Database does not exist.');
    throw new StoreFault(400, 'bad_request', 'Malformed sequence supplied in `since` parameter.');
  }
  if (scan.descending) since = 0;

  const patience = startPatience(call);
  res.writeHead(200, { 'content-type': 'application/json' });
  await writeChunk(call, '{"results":[\n');
  let sent = 0;
  let page: Page | null = null;
  try {
    for (;;) {
      const news = new AbortController();
      const signal = AbortSignal.any([call.signal, patience.signal, news.signal]);
      const changed = databases.updates.next(name, signal);
      page = (await databases.use(name, (open) => readPage(open, since!, scan, scan.limit - sent))) ?? page;
      if (page && page.rows.length > 0) {
        await writeChunk(call, rowsText(page, sent, scan));
        sent += page.rows.length;
      }
      since = page?.position ?? since;
      const more = page !== null && page.pending > 0 && sent < scan.limit;
      const wait = feed === 'longpoll' && sent === 0 && !signal.aborted && databases.has(name);
      if (!more && wait) await changed;
      news.abort();
      if (call.signal.aborted || (!more && !wait)) break;
      if (!more && patience.signal.aborted) break;
    }
  } finally {
    patience.end();
  }
  const lastSeq = JSON.stringify(sequenceText(since, page?.instance ?? ''));
  res.end(`\n],\n"last_seq":${lastSeq},"pending":${page?.pending ?? 0}}\n`);
}

function rowsText({ rows, instance }: Page, sent: number, { interval }: Scan): string {
  const texts = rows.map((row, index) => {
    const named = (sent + index + 1) % interval === 0 || index === rows.length - 1;
    const { id, changes, deleted, doc } = row;
    return JSON.stringify({ seq: named ? sequenceText(row.seq, instance) : null, id, changes, deleted, doc });
  });
  return (sent > 0 ? ',\n' : '') + texts.join(',\n');
}

/** How long a feed may wait: heartbeats without end, or until the timeout. */
export function startPatience(call: Call): { signal: AbortSignal; end(): void } {
  const { query, res } = call;
  const over = new AbortController();
  const heartbeat = query.get('heartbeat');
  if (heartbeat !== null && heartbeat !== 'false') {
    const everyMs =
      heartbeat === 'true' ? defaultTimeoutMs : Math.min(numberQuery(query, 'heartbeat') || 1, defaultTimeoutMs);
    const timer = setInterval(() => res.headersSent && res.write('\n'), everyMs);
    return { signal: over.signal, end: () => clearInterval(timer) };
  }
  const timeoutMs = Math.min(numberQuery(query, 'timeout') ?? defaultTimeoutMs, defaultTimeoutMs);
  const timer = setTimeout(() => over.abort(), timeoutMs);
  return { signal: over.signal, end: () => clearTimeout(timer) };
}
