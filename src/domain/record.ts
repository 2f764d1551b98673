import { structureRefusal, type AnyRecord, type KindName, type RefusalCode } from './kinds.ts';

export type { AnyRecord } from './kinds.ts';

/** The record type of a kind. */
export type RecordOf<K extends KindName> = Extract<AnyRecord, { kind: K }>;

/**
 * The document as a record of a known kind, itself and not a copy, so that fields nobody knows stay (R8, R12: structure
 * only; the gate vouches for the author). Total.
 */
export function parseRecord(
  doc: unknown
): { ok: true; record: AnyRecord } | { ok: false; code: RefusalCode; field?: string } {
  const refused = structureRefusal(doc);
  if (refused) return { ok: false, code: refused.code, field: refused.field };
  return { ok: true, record: doc as AnyRecord };
}
