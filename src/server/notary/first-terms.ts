import type { AllotmentBody, TermsEntry } from '#domain/allotment/allotment.ts';
import type { RecordId } from '#domain/id.ts';
import type { Database } from '../couch-database.ts';

/*
 * R5: an offer that nobody has claimed has no allotment, yet its first change of terms must show what they were before. Its first
 * terms are kept in a `_local` document beside it: replication, which brings only the newest revision, could not tell them.
 */

/** The `_local` document of an offer's first terms. */
export const firstTermsId = (offer: string) => `terms.${offer}`;

/** The terms under which this offer first arrived, as the history of an allotment without claims; null when they were not kept. */
export async function firstTerms(database: Database, subject: RecordId): Promise<AllotmentBody | null> {
  const kept = await database.getLocal<{ terms: TermsEntry[] }>(firstTermsId(subject));
  return kept && { subject, left: 0, next: 1, terms: kept.terms, places: [] };
}

/** Keeps first terms in one write. An offer whose first terms stand already keeps those. */
export async function keepFirstTerms(database: Database, bodies: readonly AllotmentBody[]): Promise<void> {
  if (bodies.length === 0) return;
  await database.bulkDocs(bodies.map(({ subject, terms }) => ({ _id: `_local/${firstTermsId(subject)}`, terms })));
}

/** R4: of a deleted offer nothing stays. */
export async function forgetFirstTerms(database: Database, subject: RecordId): Promise<void> {
  const kept = await database.getLocal<{ _rev: string }>(firstTermsId(subject));
  if (!kept) return;
  const response = await database.request('DELETE', ['_local', firstTermsId(subject)], { query: { rev: kept._rev } });
  await response.body?.cancel();
}
