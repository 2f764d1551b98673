import type { Databases, Open } from './databases.ts';
import type { Span } from '../spans.ts';
import { isObject, StoreFault } from './http.ts';
import type { Doc, PouchFault } from './pouch.ts';
import { sequenceText } from './sequence.ts';

export type Row = { ok: true; id: string; rev: string } | { id: string; error: string; reason: string };

const revision = /^\d{1,15}-\S+$/;

/** Whatever PouchDB would refuse the whole batch for, in CouchDB's words. */
function checkDoc(doc: unknown, newEdits: boolean): asserts doc is Doc {
  if (!isObject(doc)) throw new StoreFault(400, 'bad_request', 'Document must be a JSON object');
  const { _id: id, _rev: rev } = doc;
  if (id !== undefined && typeof id !== 'string')
    throw new StoreFault(400, 'illegal_docid', 'Document id must be a string');
  if (rev !== undefined && !(typeof rev === 'string' && revision.test(rev)))
    throw new StoreFault(400, 'bad_request', 'Invalid rev format');
  if (newEdits) delete doc['_revisions'];
  else if (rev === undefined && !isObject(doc['_revisions'])) {
    throw new StoreFault(
      400,
      'bad_request',
      'When `new_edits: false`, the document needs `_rev` or `_revisions` specified'
    );
  }
}

/**
 * `POST /db/_bulk_docs`: a row for each document, with `new_edits: false` only the refused ones, and the sequences before and after.
 * Resolves once LevelDB has them.
 */
export async function bulkDocs(
  databases: Databases,
  open: Open,
  docs: unknown,
  newEdits: boolean
): Promise<{ rows: Row[]; span: Span }> {
  if (!Array.isArray(docs)) throw new StoreFault(400, 'bad_request', 'POST body must include `docs` parameter.');
  for (const doc of docs) checkDoc(doc, newEdits);
  const seqNow = () => sequenceText(open.seq, open.instance);
  if (docs.length === 0) return { rows: [], span: { from: seqNow(), to: seqNow() } };
  const ids = docs.map((doc: Doc) => doc._id);
  const { answers, span } = await open.lock.write(async () => {
    const from = seqNow();
    const answers = await open.pouch.bulkDocs(docs, { new_edits: newEdits });
    await databases.wrote(open);
    return { answers, span: { from, to: seqNow() } };
  });
  const rows = answers.map((answer, index) => {
    if (!('error' in answer && answer.error)) return answer as Row;
    const { id = ids[index] ?? '', name = 'unknown_error', reason } = answer as PouchFault;
    return { id, error: name, reason: name === 'conflict' ? 'Document update conflict.' : (reason ?? name) };
  });
  return { rows, span };
}

/** `PUT /db/:id` */
export async function putDocument(
  databases: Databases,
  open: Open,
  id: string,
  doc: Doc,
  newEdits: boolean
): Promise<Row> {
  if (doc._id !== undefined && doc._id !== id)
    throw new StoreFault(400, 'bad_request', 'Document ID must match the path');
  const {
    rows: [row]
  } = await bulkDocs(databases, open, [{ ...doc, _id: id }], newEdits);
  if (!row) return { ok: true, id, rev: doc._rev ?? `${revisionOf(doc)}` };
  if ('error' in row) throw new StoreFault(row.error === 'conflict' ? 409 : 400, row.error, row.reason);
  return row;
}

const revisionOf = (doc: Doc): string => {
  const { start, ids } = doc['_revisions'] as { start: number; ids: string[] };
  return `${start}-${ids[0]}`;
};

/** `DELETE /db/:id?rev=`. Like CouchDB it looks for the document first, so that deleting twice is 404. */
export async function deleteDocument(databases: Databases, open: Open, id: string, rev: string | null): Promise<Row> {
  await open.pouch.get(id);
  return putDocument(databases, open, id, { _id: id, _rev: rev ?? undefined, _deleted: true }, true);
}

/** `PUT /db/_local/:id`. As in CouchDB the newest word stands, whatever `_rev` came with it. */
export function putLocal(open: Open, id: string, doc: Doc): Promise<Row> {
  const _id = `_local/${id}`;
  return open.lock.write(async () => {
    const before = await open.pouch.get(_id).catch(() => null);
    return open.pouch.put({ ...doc, _id, _rev: before?._rev });
  });
}

/** `DELETE /db/_local/:id` */
export function deleteLocal(open: Open, id: string): Promise<Row> {
  return open.lock.write(async () => open.pouch.remove(await open.pouch.get(`_local/${id}`)));
}
