import type { Databases, Open } from './databases.ts';
import { flag, jsonQuery, numberQuery, StoreFault, writeChunk, type Call } from './http.ts';
import type { AllDocsRow } from './pouch.ts';

// As in changes.ts: pages keep memory flat and writes moving.
const pageSize = 500;

/** `GET` and `POST /db/_all_docs` */
export async function sendAllDocs(
  call: Call,
  databases: Databases,
  name: string,
  body: Record<string, unknown>
): Promise<void> {
  const { query } = call;
  const docs = { include_docs: flag(query, 'include_docs'), conflicts: flag(query, 'conflicts') };
  const keys = body['keys'] ?? jsonQuery(query, 'keys');
  if (keys !== undefined && !Array.isArray(keys))
    throw new StoreFault(400, 'bad_request', '`keys` parameter must be an array.');
  const range = readRange(query);
  const pages = keys ? keyPages(keys, { ...docs, ...range }) : rangePages({ ...docs, ...range });

  const first = await databases.use(name, (open) => pages(open));
  if (!first) throw new StoreFault(404, 'not_found', 'Database does not exist.');
  call.res.writeHead(200, { 'content-type': 'application/json' });
  await writeChunk(call, `{"total_rows":${first.total},"offset":${range.skip},"rows":[\n`);
  let sent = 0;
  for (
    let page: Page | null = first;
    page && !call.signal.aborted;
    page = await databases.use(name, (open) => pages(open))
  ) {
    const text = page.rows.map((row) => JSON.stringify(row)).join(',\n');
    if (text) await writeChunk(call, (sent > 0 ? ',\n' : '') + text);
    sent += page.rows.length;
    if (page.last) break;
  }
  call.res.end('\n]}\n');
}

type Page = { rows: AllDocsRow[]; total: number; last: boolean };
type Range = { startkey?: string; endkey?: string; skip: number; limit: number; descending: boolean };

function readRange(query: URLSearchParams): Range {
  const text = (name: string): string | undefined => {
    const value = jsonQuery(query, name);
    if (value !== undefined && typeof value !== 'string')
      throw new StoreFault(400, 'query_parse_error', `\`${name}\` must be a string`);
    return value;
  };
  const key = text('key');
  return {
    startkey: key ?? text('startkey'),
    endkey: key ?? text('endkey'),
    skip: numberQuery(query, 'skip') ?? 0,
    limit: numberQuery(query, 'limit') ?? Infinity,
    descending: flag(query, 'descending')
  };
}

/** Each call reads on where the last one ended. */
function rangePages(options: Range & object): (open: Open) => Promise<Page> {
  let { startkey, skip, limit } = options;
  let after: string | null = null;
  const { endkey, descending } = options;
  return async (open) => {
    // The row that the page begins after may have been deleted meanwhile, so it is asked for again and dropped by name.
    const size = Math.min(limit, pageSize) + (after === null ? 0 : 1);
    const ends = { ...(startkey === undefined ? {} : { startkey }), ...(endkey === undefined ? {} : { endkey }) };
    const { rows, total_rows: total } = await open.pouch.allDocs({
      ...options,
      ...ends,
      skip,
      limit: size,
      descending
    });
    const fresh = rows[0]?.key === after ? rows.slice(1) : rows.slice(0, Math.min(limit, pageSize));
    skip = 0;
    limit -= fresh.length;
    startkey = after = fresh.at(-1)?.key ?? after ?? undefined!;
    return { rows: fresh, total, last: rows.length < size || limit <= 0 };
  };
}

function keyPages(keys: unknown[], options: Range & object): (open: Open) => Promise<Page> {
  if (!keys.every((key) => typeof key === 'string'))
    throw new StoreFault(400, 'query_parse_error', '`keys` must be strings');
  const { skip, limit, descending, ...docs } = options;
  const wanted = (descending ? keys.toReversed() : keys).slice(skip, limit === Infinity ? undefined : skip + limit);
  let at = 0;
  return async (open) => {
    const { rows, total_rows: total } = await open.pouch.allDocs({ ...docs, keys: wanted.slice(at, at + pageSize) });
    at += pageSize;
    return { rows, total, last: at >= wanted.length };
  };
}
