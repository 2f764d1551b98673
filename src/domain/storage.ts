import * as v from 'valibot';
import { revision } from './fields.ts';
import { jsonFault } from './json.ts';
import { refuse, type Refusal } from './refusal.ts';

/** Above this a document is no record but a file; the gate's bound, `_revisions` apart. */
export const largestRecordBytes = 32 * 1024;

/** What CouchDB lets a document say of itself; any other `_` name makes it refuse the whole request. */
const ownFields = new Set(['_id', '_rev', '_revisions', '_deleted']);

/** Why the database could not keep this document, or would not keep it as it is; null if it will. */
export function storageRefusal(doc: Record<string, unknown>): Refusal | null {
  const { _revisions, ...stored } = doc;
  if (Object.hasOwn(doc, '_attachments')) return refuse('attachments', '_attachments');
  const strange = Object.keys(doc).find((name) => name.startsWith('_') && !ownFields.has(name));
  if (strange !== undefined || doc._deleted) return refuse('invalid-field', strange ?? '_deleted');
  const fault = jsonFault(stored, largestRecordBytes);
  return fault && refuse(fault);
}

/** R4: why this deletion says more than that something is gone, or null. */
export function tombstoneRefusal(doc: Record<string, unknown>): Refusal | null {
  const field = Object.keys(doc).find((name) => !ownFields.has(name));
  if (field !== undefined) return refuse('deleted-with-fields', field);
  return doc._rev === undefined || v.is(revision, doc._rev) ? null : refuse('invalid-field', '_rev');
}
