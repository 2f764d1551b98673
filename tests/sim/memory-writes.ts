import { docOf, isSound, winnerOf } from '../../src/data/testing/documents.ts';
import type { Doc, Stored } from '../../src/data/log.ts';
import { Fault, type Json, type StoredDatabase } from './memory-database.ts';

/** What a write brought, and what the document is now (R10): who watches the whole truth hears of it before the writer has an answer. */
export type Commit = { database: string; id: string; seq: number; doc: Stored; winner: Stored };

/** A database that is written to, and who watches it. */
export type At = { name: string; database: StoredDatabase; committed(commit: Commit): void };

export function bulkDocs(at: At, { docs, new_edits: newEdits = true }: Json) {
  if (!Array.isArray(docs)) throw new Fault(400, 'bad_request', 'POST body must include `docs` parameter.');
  if (newEdits !== false) return (docs as Doc[]).map((doc) => bulkRow(at, doc));
  for (const doc of docs as Doc[]) {
    if (!isSound(doc) || (doc._rev === undefined && !doc._revisions))
      throw new Fault(400, 'bad_request', 'With `new_edits: false` a document needs a revision.');
  }
  for (const doc of docs as Stored[]) take(at, doc);
  return [];
}

function bulkRow(at: At, doc: Doc) {
  const { _id: id } = doc;
  if (id.startsWith('_local/')) return (at.database.locals.set(id, doc), { ok: true, id, rev: '0-1' });
  try {
    return put(at, doc);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { id, error: error.error, reason: error.message };
  }
}

export function put(at: At, doc: Doc): { ok: true; id: string; rev: string } {
  if (!isSound(doc)) throw new Fault(400, 'doc_validation', 'Bad special document member');
  const rev = at.database.documents.put(doc);
  if (rev === null) throw new Fault(409, 'conflict', 'Document update conflict.');
  tell(at, doc._id, rev);
  return { ok: true, id: doc._id, rev };
}

function take(at: At, doc: Stored): void {
  const before = at.database.documents.last();
  at.database.documents.take(doc);
  const rev = doc._rev ?? `${doc._revisions!.start}-${doc._revisions!.ids[0]}`;
  if (at.database.documents.last() > before) tell(at, doc._id, rev);
}

function tell({ name, database, committed }: At, id: string, rev: string): void {
  const tree = database.documents.tree(id)!;
  const [doc, winner] = [tree.revisions.get(rev)!, winnerOf(tree)].map((revision) => docOf(tree, revision));
  committed({ database: name, id, seq: tree.seq, doc: doc!, winner: winner! });
}
