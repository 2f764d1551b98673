/** A document as the log holds it: any JSON fields beside CouchDB's own. */
export type Doc = {
  _id: string;
  _rev?: string;
  _deleted?: boolean;
  _revisions?: { start: number; ids: string[] };
  _conflicts?: string[];
  [field: string]: unknown;
};
export type Stored = Doc & { _rev: string };

/** The log's own sequence: opaque but for equality. */
export type LogSeq = number | string;

/** One changed document: `doc` is its winning revision (R10), tombstones included, with `_conflicts`. */
export type LogChange = { id: string; revs: string[]; doc: Stored };

/**
 * The truth on the device: what replication writes, what the projection reads. Small, so that a memory PouchDB and a
 * pure in-memory log can stand in; all of them pass `log.acceptance.ts`.
 */
export type Log = {
  /** The winning revision with `_conflicts`, or null when unknown or deleted. */
  get(id: string): Promise<Stored | null>;
  /** Which of these ids this log has any revision of, tombstones included. */
  known(ids: string[]): Promise<Set<string>>;
  /** All leaves of these documents, tombstones included, each with `_revisions`: what another log needs to have them whole. */
  leaves(ids: string[]): Promise<Stored[]>;
  /** A new revision of this device's own on `doc._rev`; rejects with DeviceError `conflict` when that is not a leaf. */
  put(doc: Doc): Promise<string>;
  /** Takes revisions in as they are (`new_edits: false`); one without `_revisions` starts its own history. Repeats are harmless. */
  take(docs: Stored[]): Promise<void>;
  /**
   * Takes in those of these documents that this log knows nothing of, each with a history of its own, and answers the ids of
   * the others. What it took comes back from `changes` without being read again.
   */
  takeNew(docs: Stored[]): Promise<Set<string>>;
  /** Of the given leaf revisions those that are not here. */
  missing(revs: Record<string, string[]>): Promise<Record<string, string[]>>;
  /** What changed after `since` in the log's order, each document once; `last` is the place to go on from. */
  changes(since: LogSeq, limit: number): Promise<{ changes: LogChange[]; last: LogSeq }>;
  /** One-shot CouchDB replication from `url`; `since` sets the checkpoint first. The safety net behind the fast path. */
  pull(url: string, doFetch: typeof fetch, since?: string): Promise<void>;
  close(): Promise<void>;
  destroy(): Promise<void>;
};

/** A history of one: sound for a document new to a device, and only then (design §1). */
export function startHistory(doc: Stored): Stored {
  if (doc._revisions) return doc;
  const dash = doc._rev.indexOf('-');
  return {
    ...doc,
    _revisions: { start: Number(doc._rev.slice(0, dash)), ids: [doc._rev.slice(dash + 1)] }
  };
}
