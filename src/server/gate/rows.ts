import { parseRecordId } from '#domain/id.ts';
import { refusal, type Actor, type Home } from '#domain/kinds.ts';
import { badRequest, tooLarge } from './answer.ts';
import { isObject } from './body.ts';

/** A row as CouchDB answers it. `forbidden` is the one error word after which PouchDB goes on to the next document. */
export type Row = { id: string; ok?: true; rev?: string; error?: string; reason?: string };

export type Accepted = {
  index: number;
  id: string;
  /** The revision it adds and the ones before it, newest first, where the client says them (`new_edits: false`). */
  history: string[];
  isDeleted: boolean;
  /** What is stored: written anew from the parsed value. */
  text: string;
};

export type Judged = { accepted: Accepted[]; refused: Map<number, Row> };

// A batch of PouchDB's has 100; a third party's import may be larger, a flood is cut off before it costs anything.
const documentLimit = 10_000;

/** R10: CouchDB keeps 1,000 revisions of a history; longer ones only cost. */
const historyLimit = 1_000;

const revisionForm = /^([1-9]\d{0,14})-([0-9a-zA-Z]{1,64})$/;

/** CouchDB reads a hash of 32 as hex and refuses the whole request for one that is none. */
const soundHash = (hash: unknown): hash is string =>
  typeof hash === 'string' && /^[0-9a-zA-Z]{1,64}$/.test(hash) && (hash.length !== 32 || /^[0-9a-f]{32}$/.test(hash));

/**
 * Each document on its own: what may be stored, and for the rest the row that says why. Throws only for what is no list of documents at
 * all, since a refused request stops a replication for ever and a refused row does not.
 */
export function judgeRows(docs: unknown, newEdits: boolean, home: Home, actor: Actor): Judged {
  if (!Array.isArray(docs)) throw badRequest('POST body must include `docs` parameter.');
  if (docs.length > documentLimit) throw tooLarge();
  for (const doc of docs) {
    if (!isObject(doc) || typeof doc['_id'] !== 'string')
      throw badRequest('Each document must be an object with an `_id`');
  }
  const judged: Judged = { accepted: [], refused: new Map() };
  docs.forEach((doc: Record<string, unknown> & { _id: string }, index) => {
    const verdict = judge(doc, newEdits, home, actor);
    if ('reason' in verdict) judged.refused.set(index, forbidden(doc._id, verdict.reason));
    else judged.accepted.push({ index, id: doc._id, ...verdict });
  });
  return judged;
}

export const forbidden = (id: string, reason: string): Row => ({ id, error: 'forbidden', reason });

type Verdict = { reason: string } | Pick<Accepted, 'history' | 'isDeleted' | 'text'>;

function judge(doc: Record<string, unknown>, newEdits: boolean, home: Home, actor: Actor): Verdict {
  const refused = refusal(doc, home, actor);
  if (refused) {
    const { code, message, field } = refused;
    return { reason: `${code}: ${message}${field === undefined ? '' : ` Look at \`${field}\`.`}` };
  }
  // With new edits `_rev` alone names the parent; CouchDB would let a `_revisions` beside it overrule it.
  const history = newEdits ? newestOf(doc) : historyOf(doc);
  if (typeof history === 'string') return { reason: history };
  const text = JSON.stringify(newEdits ? { ...doc, _revisions: undefined } : doc);
  // PouchDB copies fields by assignment, where this name sets a prototype. A quote inside a string is escaped, so this finds only keys.
  if (text.includes('"__proto__":')) return { reason: 'invalid-field: No field may be called __proto__.' };
  return { history, isDeleted: doc['_deleted'] === true, text };
}

const badRevision = 'invalid-field: The revision of this document is missing or wrong.';

function newestOf({ _rev: rev }: Record<string, unknown>): string[] | string {
  if (rev === undefined) return [];
  const match = typeof rev === 'string' && revisionForm.exec(rev);
  return match && soundHash(match[2]) ? [rev as string] : badRevision;
}

/** The document's own revision and its ancestors, newest first, or why they are not sound. */
export function historyOf(doc: Record<string, unknown>): string[] | string {
  const { _revisions: revisions, _rev: rev } = doc;
  if (revisions === undefined) return rev === undefined ? badRevision : newestOf(doc);
  if (!isObject(revisions)) return badRevision;
  const { start, ids } = revisions;
  if (!Array.isArray(ids) || ids.length === 0 || !Number.isSafeInteger(start) || (start as number) < ids.length)
    return badRevision;
  if (ids.length > historyLimit) return 'too-many-revisions: A document may bring 1,000 revisions at most.';
  if (!ids.every(soundHash)) return badRevision;
  const history = ids.map((hash, index) => `${(start as number) - index}-${hash}`);
  return rev === undefined || rev === history[0] ? history : badRevision;
}

/**
 * The request to send upstream for what may be stored. Of a cluster, a claim is acknowledged only when all copies that can be reached
 * have it: whichever the notary then reads, it took that one before any claim that was sent afterwards. Nothing else depends on its order.
 */
export function bulkText(accepted: readonly Accepted[], newEdits: boolean, copies = 1): string {
  const byAll = copies > 1 && accepted.some(({ id }) => parseRecordId(id)?.kind === 'claim');
  return `{"new_edits":${newEdits},${byAll ? `"w":${copies},` : ''}"docs":[${accepted.map(({ text }) => text).join(',')}]}`;
}

/**
 * The database's rows and the gate's in one answer, as CouchDB would give it: with new edits one for each document in order, without
 * only the refused ones.
 */
export function mergeRows(total: number, judged: Judged, answered: readonly Row[], newEdits: boolean): Row[] {
  if (!newEdits) return [...byIndex(judged.refused), ...answered];
  const rows = new Map(judged.refused);
  judged.accepted.forEach(({ index }, at) => {
    const row = answered[at];
    if (row) rows.set(index, row);
  });
  return Array.from({ length: total }, (_, index) => rows.get(index)).filter((row) => row !== undefined);
}

const byIndex = (rows: Map<number, Row>): Row[] => [...rows].sort(([a], [b]) => a - b).map(([, row]) => row);

/** The ids that are stored now. */
export function storedIds({ accepted }: Judged, answered: readonly Row[], newEdits: boolean): string[] {
  if (newEdits) return answered.filter((row) => row.ok).map((row) => row.id);
  const failed = new Set(answered.filter((row) => row.error).map((row) => row.id));
  return accepted.map(({ id }) => id).filter((id) => !failed.has(id));
}

/** A post without its pictures has a kilobyte; what is larger is fetched by whoever wants it, and a stalled phone's line stays short. */
const toldBytes = 4_096;

/**
 * The documents of a write as the doorbell may tell them: all that was stored, or undefined. Each has its whole history, so that a device
 * can take it as it is.
 */
export function textsToTell(accepted: readonly Accepted[], stored: readonly string[]): string[] | undefined {
  const areWhole = accepted.every(({ history }) => history.at(-1)?.startsWith('1-'));
  if (!areWhole || accepted.length !== stored.length) return undefined;
  const bytes = accepted.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
  return bytes <= toldBytes ? accepted.map(({ text }) => text) : undefined;
}
