import { parseSpan, spanHeader } from '../spans.ts';
import { badRequest, GateFault, sendJson } from './answer.ts';
import { parseObject, readBody, requestLimit } from './body.ts';
import { localName } from './reads.ts';
import { bulkText, forbidden, judgeRows, mergeRows, storedIds, textsToTell, type Judged, type Row } from './rows.ts';
import { ask } from './upstream.ts';
import type { Tools, Visit } from './visit.ts';

// A checkpoint has some hundred bytes; this leaves room for a history of them.
const localLimit = 16 * 1024;

const tooManyBranches = 'too-many-branches: This document has too many open branches; merge them first.';

/** What may be stored, and what tells the branches that it was. */
type Admitted = Judged & { written(): void };

/** `_bulk_docs` */
export async function answerBulkDocs(visit: Visit, tools: Tools): Promise<void> {
  const body = parseObject(await readBody(visit.req, requestLimit, visit.room));
  const { docs, new_edits: newEdits = true } = body;
  if (typeof newEdits !== 'boolean') throw badRequest('`new_edits` parameter must be a boolean.');
  const judged = await judge(visit, tools, docs, newEdits);
  const answered = await store(visit, tools, judged, newEdits);
  sendJson(visit.res, 201, mergeRows((docs as unknown[]).length, judged, answered, newEdits));
}

async function judge(
  visit: Visit,
  { branches, countRefused, payDocuments }: Tools,
  docs: unknown,
  newEdits: boolean
): Promise<Admitted> {
  const { home, actor, database } = visit;
  if (Array.isArray(docs)) payDocuments(actor.person, docs.length);
  const judged = judgeRows(docs, newEdits, home, actor);
  countRefused(judged.refused.values());
  if (newEdits) return { ...judged, written: () => undefined };
  const { surplus, written } = await branches.admit(database, judged.accepted);
  for (const { index, id } of surplus) judged.refused.set(index, forbidden(id, tooManyBranches));
  countRefused([...surplus].map(({ id }) => forbidden(id, tooManyBranches)));
  const accepted = surplus.size > 0 ? judged.accepted.filter((row) => !surplus.has(row)) : judged.accepted;
  if (accepted.length === 0) written();
  return { ...judged, accepted, written };
}

async function store(visit: Visit, { ring, copies }: Tools, judged: Admitted, newEdits: boolean): Promise<Row[]> {
  const { accepted, written } = judged;
  try {
    if (accepted.length === 0) return [];
    const answer = await ask(visit.database, 'POST', '_bulk_docs', { raw: bulkText(accepted, newEdits, copies) });
    const answered = (await answer.json()) as Row[];
    const stored = storedIds(judged, answered, newEdits);
    if (stored.length > 0) {
      const span = parseSpan(answer.headers.get(spanHeader));
      ring(visit, { ids: stored, span, docs: newEdits ? undefined : textsToTell(accepted, stored) });
    }
    return answered;
  } finally {
    written();
  }
}

/** `PUT` and `DELETE` one document: a batch of one, with the answers of one. */
export async function answerWrite(visit: Visit, tools: Tools, id: string): Promise<void> {
  const { method, query, res } = visit;
  const deletes = method === 'DELETE';
  const body = deletes ? { _deleted: true } : parseObject(await readBody(visit.req, requestLimit, visit.room));
  const { _id: inBody = id, _rev: rev = query['rev'] } = body as { _id?: unknown; _rev?: unknown };
  if (inBody !== id) throw badRequest('Document ID must be the one of the address');
  if (query['rev'] !== undefined && rev !== query['rev'])
    throw badRequest('Document rev from the query and the body differ');
  const newEdits = deletes || query['new_edits'] !== 'false';
  const doc = { ...body, _id: id, ...(rev === undefined ? {} : { _rev: rev }) };
  const judged = await judge(visit, tools, [doc], newEdits);
  const refused = judged.refused.get(0);
  if (refused) throw new GateFault(403, 'forbidden', refused.reason ?? '');
  if (deletes) await ask(visit.database, 'GET', [id]);
  const [row] = await store(visit, tools, judged, newEdits);
  if (row?.error) throw new GateFault(row.error === 'conflict' ? 409 : 403, row.error, row.reason ?? '');
  sendJson(res, deletes ? 200 : 201, { ok: true, id, rev: row?.rev ?? judged.accepted[0]?.history[0] });
}

/** `PUT _local/<id>` */
export async function answerPutLocal(visit: Visit, { payDocuments }: Tools, id: string): Promise<void> {
  const { req, res, room, actor, database } = visit;
  const doc = parseObject(await readBody(req, localLimit, room));
  payDocuments(actor.person, 1);
  const name = localName(actor.person, id);
  const own = Object.entries(doc).filter(([field]) => field === '_rev' || !field.startsWith('_'));
  const body = { ...Object.fromEntries(own), _id: `_local/${name}` };
  const { rev } = (await (await ask(database, 'PUT', ['_local', name], { body })).json()) as { rev: string };
  sendJson(res, 201, { ok: true, id: `_local/${id}`, rev });
}
