import { structureRefusal, type AnyRecord, type KindName, type RefusalCode } from './kinds.ts';
import type { RecordId } from './id.ts';

export type { AnyRecord } from './kinds.ts';

/** What every record has, whatever its kind. Times are its author's word and decide nothing. */
export type RecordBase = {
  _id: RecordId;
  _rev?: string;
  kind: string;
  v: 1;
  createdAt: string;
  updatedAt: string;
  subject?: string;
  status?: string;
};

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
