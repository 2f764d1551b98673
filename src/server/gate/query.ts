import { badRequest, tooLarge } from './answer.ts';
import type { Route } from './route.ts';

/** The value as it goes on upstream, null when it is none, undefined when nothing needs to go on. */
type Check = (value: string) => string | null | undefined;

const matching =
  (pattern: RegExp): Check =>
  (value) =>
    pattern.test(value) ? value : null;

const flag = matching(/^(true|false)$/);
const count = matching(/^\d{1,9}$/);
const rev = matching(/^\d{1,15}-[0-9a-zA-Z]{1,64}$/);
const json =
  (fits: (value: unknown) => boolean): Check =>
  (text) => {
    try {
      const value: unknown = JSON.parse(text);
      return fits(value) ? JSON.stringify(value) : null;
    } catch {
      return null;
    }
  };
const isText = (value: unknown): value is string => typeof value === 'string' && value.isWellFormed();
const text = json(isText);

/** As many ids or keys as one request may name: a hundred of PouchDB's batches. */
export const idLimit = 10_000;
export const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.length <= idLimit && value.every(isText);
const texts = json(isTexts);

/** The ids or keys that a request names, in its body or else in its query; undefined when in neither. */
export function namedTexts(inBody: unknown, inQuery: string | undefined): string[] | undefined {
  const named = inBody ?? (inQuery === undefined ? undefined : (JSON.parse(inQuery) as unknown));
  if (Array.isArray(named) && named.length > idLimit) throw tooLarge();
  if (named !== undefined && !isTexts(named)) throw badRequest('Ids and keys must be a list of strings');
  return named;
}

// Faster heartbeats would only be a way to be noisy.
const fastestHeartbeatMs = 1_000;
const longestWaitMs = 60_000;
const heartbeat: Check = (value) => {
  if (value === 'true') return value;
  return /^\d{1,9}$/.test(value) ? String(Math.max(fastestHeartbeatMs, Number(value))) : null;
};
const timeout: Check = (value) => (/^\d{1,9}$/.test(value) ? String(Math.min(longestWaitMs, Number(value))) : null);
const openRevs: Check = (value) =>
  value === 'all' ? value : json((revs) => isTexts(revs) && revs.every((each) => rev(each) !== null))(value);

// There are no attachments, so the wish for them changes nothing.
const attachments: Check = (value) => (flag(value) === null ? null : undefined);

const changes = {
  since: matching(/^(now|\d{1,18}(-[\w-]{0,4000})?)$/),
  limit: count,
  style: matching(/^(main_only|all_docs)$/),
  feed: matching(/^(normal|longpoll)$/),
  heartbeat,
  timeout,
  include_docs: flag,
  descending: flag,
  seq_interval: matching(/^[1-9]\d{0,8}$/),
  filter: matching(/^_doc_ids$/),
  doc_ids: texts,
  conflicts: flag,
  attachments
};
const allDocs = {
  keys: texts,
  key: text,
  startkey: text,
  endkey: text,
  limit: count,
  skip: count,
  descending: flag,
  include_docs: flag,
  conflicts: flag
};
const write = { rev, new_edits: flag };

/** The allowlist of surface.md: route, method, query keys, values. What is not here is refused. */
const allowed: Record<Route['name'], Record<string, Record<string, Check>>> = {
  info: { GET: {} },
  changes: { GET: changes, POST: changes },
  'bulk-get': { POST: { revs: flag, latest: flag, attachments } },
  'revs-diff': { POST: {} },
  'bulk-docs': { POST: {} },
  'all-docs': { GET: allDocs, POST: allDocs },
  document: {
    GET: { rev, revs: flag, open_revs: openRevs, latest: flag, conflicts: flag, attachments },
    PUT: write,
    DELETE: write
  },
  local: { GET: {}, PUT: {} }
};

/** The query to send upstream, rebuilt value by value; throws the 400 for a method, key or value that is not allowed. */
export function readQuery(route: Route['name'], method: string, query: string): Record<string, string> {
  const methods = allowed[route];
  if (!Object.hasOwn(methods, method)) throw badRequest(`This address takes ${Object.keys(methods).join(', ')} only`);
  const checks = methods[method]!;
  const checked: Record<string, string> = {};
  const seen = new Set<string>();
  for (const [key, value] of new URLSearchParams(query)) {
    if (!Object.hasOwn(checks, key) || seen.has(key)) throw badRequest(`Query key not allowed: ${key.slice(0, 40)}`);
    seen.add(key);
    const sound = checks[key]!(value);
    if (sound === null) throw badRequest(`Invalid value for query key: ${key}`);
    if (sound !== undefined) checked[key] = sound;
  }
  return checked;
}
