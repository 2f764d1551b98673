import type { ServerResponse } from 'node:http';
import type { CouchAnswer } from '../couch-http.ts';
import { badRequest, jsonHead, notFound, sendJson, tooOften } from './answer.ts';
import { parseObject, readBody, requestLimit } from './body.ts';
import { isOurs, mergeRevsDiff, splitBulkGet, splitRevsDiff } from './foreign.ts';
import { ownRows, withSpare } from './lines.ts';
import { namedTexts } from './query.ts';
import { ask } from './upstream.ts';
import type { Tools, Visit } from './visit.ts';

const waitingRetrySeconds = 10;

const readObject = async ({ req, room }: Visit) => parseObject((await readBody(req, requestLimit, room)) || '{}');

/** A reader who takes nothing for so long is gone, though nobody said so: a phone in a tunnel. Its place is somebody else's. */
const stalledMs = 30_000;

/** To be awaited once the answer is under watch: whoever is removed while waiting in line never gets her turn. */
async function takeTurn({ res, turn }: Visit): Promise<void> {
  await turn();
  res.setTimeout(stalledMs, () => res.destroy());
}

/** `GET /db/:c` */
export async function answerInfo({ res, circle, database }: Visit): Promise<void> {
  const info = (await (await ask(database, 'GET', [])).json()) as Record<string, unknown>;
  const { doc_count, doc_del_count, update_seq, purge_seq, instance_start_time } = info;
  sendJson(res, 200, {
    db_name: circle,
    doc_count,
    doc_del_count,
    update_seq,
    purge_seq,
    instance_start_time,
    compact_running: false
  });
}

/** `_changes` */
export async function answerChanges(visit: Visit, { streams }: Tools): Promise<void> {
  const { method, query, res, actor, database } = visit;
  const { doc_ids: inQuery, ...rest } = query;
  const body = method === 'POST' ? await readObject(visit) : {};
  const ids = rest['filter'] === undefined ? undefined : namedTexts(body['doc_ids'], inQuery);
  if (rest['filter'] !== undefined && !ids) throw badRequest('`doc_ids` filter parameter is not a list of doc ids.');
  const waits = rest['feed'] === 'longpoll';
  if (waits && streams.isFull(actor.person)) throw tooOften(waitingRetrySeconds);
  const signal = streams.open({ ...visit, person: actor.person }, res, waits);
  if (!waits) await takeTurn(visit);
  const wanted = ids && { doc_ids: ids.filter(isOurs) };
  const answer = await ask(database, wanted ? 'POST' : 'GET', '_changes', {
    query: withSpare(rest),
    body: wanted,
    signal
  });
  await sendStream(res, ownRows(chunks(answer), pageOf(rest)));
}

/** CouchDB answers a limit of 0 as it does one of 1 in `_changes`; whatever it does there is passed on. */
const pageOf = ({ limit }: Record<string, string>): number | undefined =>
  Number(limit) > 0 ? Number(limit) : undefined;

/** `_all_docs` */
export async function answerAllDocs(visit: Visit, { streams }: Tools): Promise<void> {
  const { method, query, res, actor, database } = visit;
  const { keys: inQuery, ...rest } = query;
  const body = method === 'POST' ? await readObject(visit) : {};
  const keys = namedTexts(body['keys'], inQuery);
  const signal = streams.open({ ...visit, person: actor.person }, res, false);
  await takeTurn(visit);
  // The rows of keys that are no record's are the database's own business; a name that no document can have stands in for them.
  const asked = keys && { keys: keys.map((key) => (isOurs(key) ? key : `missing ${key}`)) };
  const answer = await ask(database, asked ? 'POST' : 'GET', '_all_docs', {
    query: withSpare(rest),
    body: asked,
    signal
  });
  const rows = ownRows(chunks(answer), pageOf(rest));
  await sendStream(res, keys?.every(isOurs) === false ? namedAgain(rows) : rows);
}

/** Gives the keys that a stand-in was asked for their names back. */
async function* namedAgain(texts: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const text of texts) yield text.replaceAll(/^(,?\{"key":")missing (?=.*"error":"not_found"\},?$)/gm, '$1');
}

/** `_bulk_get` */
export async function answerBulkGet(visit: Visit, { streams }: Tools): Promise<void> {
  const { query, res, actor, database } = visit;
  const { asked, results } = splitBulkGet(await readObject(visit));
  if (asked.length === 0) return sendJson(res, 200, { results });
  const signal = streams.open({ ...visit, person: actor.person }, res, false);
  await takeTurn(visit);
  const answer = await ask(database, 'POST', '_bulk_get', { query, body: { docs: asked }, signal });
  await sendStream(res, results.length > 0 ? withResults(chunks(answer), results) : chunks(answer));
}

/** Puts results of our own in front of the database's; it was asked for something, so it has some too. */
async function* withResults(body: AsyncIterable<Uint8Array>, results: object[]): AsyncGenerator<string | Uint8Array> {
  let head: Buffer | null = Buffer.alloc(0);
  for await (const chunk of body) {
    if (!head) {
      yield chunk;
      continue;
    }
    head = Buffer.concat([head, chunk]);
    const start = head.indexOf('[');
    if (start < 0) continue;
    yield `{"results":[${results.map((result) => JSON.stringify(result)).join(',')},`;
    yield head.subarray(start + 1);
    head = null;
  }
}

/** `_revs_diff` */
export async function answerRevsDiff(visit: Visit): Promise<void> {
  const { asked, missing } = splitRevsDiff(await readObject(visit));
  const answer =
    Object.keys(asked).length > 0 ? await ask(visit.database, 'POST', '_revs_diff', { body: asked }) : null;
  sendJson(
    visit.res,
    200,
    mergeRevsDiff(answer ? ((await answer.json()) as Record<string, { missing: string[] }>) : {}, missing)
  );
}

/** `GET` one document */
export async function answerDocument({ res, query, database }: Visit, id: string): Promise<void> {
  const openRevs = query['open_revs'];
  if (isOurs(id)) return sendJson(res, 200, await (await ask(database, 'GET', [id], { query })).json());
  if (openRevs === undefined || openRevs === 'all') throw notFound();
  const revs = JSON.parse(openRevs) as string[];
  sendJson(
    res,
    200,
    revs.map((rev) => ({ missing: rev }))
  );
}

/** The name of a `_local` document in the database, where members' own stand side by side. */
export const localName = (person: string, id: string): string => `${person}.${id}`;

/** `GET _local/<id>` */
export async function answerLocal({ res, actor, database }: Visit, id: string): Promise<void> {
  const doc = (await (await ask(database, 'GET', ['_local', localName(actor.person, id)])).json()) as object;
  sendJson(res, 200, { ...doc, _id: `_local/${id}` });
}

async function* chunks({ body }: CouchAnswer): AsyncGenerator<Uint8Array> {
  if (body) yield* body;
}

/** Resolves when the reader has taken what was sent, or is gone. One listener at a time, however long the answer. */
function roomIn(res: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      res.off('drain', done);
      res.off('close', done);
      resolve();
    };
    res.on('drain', done);
    res.on('close', done);
    // Gone before anybody listened.
    if (res.destroyed) done();
  });
}

/** Sends what comes as it comes, as fast as the reader takes it. */
async function sendStream(res: ServerResponse, parts: AsyncIterable<string | Uint8Array>): Promise<void> {
  res.writeHead(200, jsonHead);
  res.flushHeaders();
  for await (const part of parts) {
    if (res.destroyed) return;
    if (!res.write(part)) await roomIn(res);
  }
  res.end();
}
