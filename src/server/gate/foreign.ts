import { parseRecordId } from '#domain/id.ts';
import { badRequest, tooLarge } from './answer.ts';
import { isObject } from './body.ts';
import { idLimit, isTexts } from './query.ts';

/*
 * A foreign database that replicates here asks after its own ids too: design documents, anything. No such document can be in a
 * circle, so the gate answers for the database that they are missing, and nothing but record ids ever reaches it.
 */

export const isOurs = (id: string): boolean => parseRecordId(id) !== null;

/** CouchDB refuses a whole request for one revision that it cannot read. */
const isReadable = (rev: string): boolean => /^\d{1,15}-([0-9a-f]{32}|(?!.{32}$)[0-9a-zA-Z]{1,64})$/.test(rev);

/** `_revs_diff`: what to ask the database, and what is missing for certain. */
export function splitRevsDiff(body: Record<string, unknown>): {
  asked: Record<string, string[]>;
  missing: Map<string, string[]>;
} {
  const entries = Object.entries(body);
  if (entries.length > idLimit) throw tooLarge();
  const asked: [string, string[]][] = [];
  const missing = new Map<string, string[]>();
  for (const [id, revs] of entries) {
    if (!isTexts(revs)) throw badRequest('Revisions must be a list of strings');
    const ours = isOurs(id);
    const readable = revs.filter((rev) => ours && isReadable(rev));
    const rest = revs.filter((rev) => !ours || !isReadable(rev));
    if (readable.length > 0) asked.push([id, readable]);
    if (rest.length > 0) missing.set(id, rest);
  }
  return { asked: Object.fromEntries(asked), missing };
}

type Difference = { missing: string[]; possible_ancestors?: string[] };

export function mergeRevsDiff(
  answered: Record<string, Difference>,
  missing: Map<string, string[]>
): Record<string, Difference> {
  const merged = new Map(Object.entries(answered));
  for (const [id, revs] of missing) {
    const known = merged.get(id);
    merged.set(id, { ...known, missing: [...(known?.missing ?? []), ...revs] });
  }
  return Object.fromEntries(merged);
}

type Wanted = { id: string; rev?: string };

/** `_bulk_get`: what to ask the database, and the results that are certain. */
export function splitBulkGet(body: Record<string, unknown>): { asked: Wanted[]; results: object[] } {
  const { docs } = body;
  if (!Array.isArray(docs)) throw badRequest("Missing JSON list of 'docs'.");
  if (docs.length > idLimit) throw tooLarge();
  const asked: Wanted[] = [];
  const results: object[] = [];
  for (const wanted of docs) {
    if (!isObject(wanted) || typeof wanted['id'] !== 'string')
      throw badRequest('Each of `docs` must be an object with an `id`');
    const { id, rev } = wanted as { id: string; rev?: unknown };
    if (rev !== undefined && typeof rev !== 'string') throw badRequest('`rev` must be a string');
    if (isOurs(id) && (rev === undefined || isReadable(rev))) asked.push(rev === undefined ? { id } : { id, rev });
    else
      results.push({ id, docs: [{ error: { id, rev: rev ?? 'undefined', error: 'not_found', reason: 'missing' } }] });
  }
  return { asked, results };
}
