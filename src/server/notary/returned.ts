import type { Allotment, Place } from '#domain/allotment/allotment.ts';
import { makeClaim, type Claim } from '#domain/claim/claim.ts';
import { authorOf, type RecordId } from '#domain/id.ts';
import { sameConditions, type Offer } from '#domain/offer.ts';
import type { Database } from '../couch-database.ts';

/*
 * After a restore an allotment that a device handed back may know more than the hub: claims whose authors have not been back yet, and an
 * offer as it stood later. What is given stays given (R6), so for such a claim its place speaks until its author's own device does.
 * Which claims are as old as the backup stands in a `_local` document beside them, and which had been answered in an allotment that came back
 * differently, so that a hub which dies before it has answered them once more still does.
 */

const localId = 'returned';

/**
 * `since`: where the database stood when the hub was restored. `claims`: by id, the revision that is older than its place, '' for none;
 * `offers`: likewise that which is older than the terms.
 * `again`: to be looked at once more by each process that begins.
 */
export type Returned = {
  since: string;
  claims: Record<RecordId, string>;
  offers?: Record<RecordId, string>;
  again?: RecordId[];
};

/** Notes where the database stands, before any device hands anything back. */
export async function noteRestored(database: Database): Promise<void> {
  const { update_seq: since } = (await (await database.request('GET', [])).json()) as { update_seq: string | number };
  await database.putLocal(localId, { since: String(since), claims: {} } satisfies Returned);
}

export const readReturned = (database: Database): Promise<Returned | null> => database.getLocal<Returned>(localId);

/** Notes which claims and offers are older than these allotments have them, and which they overtake, before those are taken back. */
export async function noteReturned(
  database: Database,
  allotments: readonly Allotment[],
  overtaken: readonly RecordId[] = []
): Promise<void> {
  const before = allotments.length > 0 ? await readReturned(database) : null;
  if (!before) return;
  const standing = allotments.flatMap(({ places }) => places.filter(isStanding).map(({ claim }) => claim));
  const fresh = await changedSince(database, before.since);
  const older = async (ids: RecordId[]): Promise<Record<RecordId, string>> => {
    const old = [...new Set(ids)].filter((id) => !fresh.has(id));
    const { rows } = await database.allDocs({ keys: old });
    return Object.fromEntries(old.map((id, index) => [id, rows[index]?.value?.rev ?? '']));
  };
  const claims = { ...before.claims, ...(await older(standing)) };
  const offers = { ...before.offers, ...(await older(allotments.map(({ subject }) => subject))) };
  const again = [...new Set([...(before.again ?? []), ...overtaken])];
  await database.putLocal(localId, { ...before, claims, offers, again } satisfies Returned);
}

const isStanding = ({ state }: Place): boolean => state !== 'refused';

async function changedSince(database: Database, from: string): Promise<Set<string>> {
  const ids = new Set<string>();
  const limit = 1_000;
  for (let since = from; ;) {
    const { results, last_seq } = await database.changes({ since, limit });
    for (const { id } of results) ids.add(id);
    if (results.length < limit) return ids;
    since = last_seq;
  }
}

/** The claim as its places have it, where what the database has of it is older; else null. */
export function claimByPlace(
  returned: Returned | null,
  allotment: Allotment | null,
  id: RecordId,
  found: { rev: string; claim: Claim | undefined }
): Claim | null {
  if (!allotment || returned?.claims[id] !== found.rev) return null;
  const places = allotment.places.filter((place) => place.claim === id && isStanding(place));
  if (places.length === 0) return null;
  const quantity = places.reduce((sum, place) => sum + (place.asked ?? place.quantity), 0);
  const toConfirm = places.find(({ state }) => state === 'to-confirm');
  const newest = allotment.terms.at(-1)?.terms ?? 1;
  // One that is to be confirmed stands on older terms; which, only its author knows.
  const terms = toConfirm ? Math.max(1, (toConfirm.terms ?? newest) - 1) : newest;
  const now = allotment.updatedAt;
  const stand = { quantity, terms, status: 'standing' as const };
  return found.claim
    ? { ...found.claim, ...stand }
    : makeClaim({ subject: allotment.subject, ...stand }, { author: authorOf(id), now });
}

/**
 * The offer on the terms that the allotment knows, where what the database has of it is older: then it gives nothing more until its
 * author is back, and takes nothing away. Else null.
 */
export function offerByTerms(
  returned: Returned | null,
  allotment: Allotment | null,
  found: { rev: string; offer: Offer | null }
): Offer | null {
  const last = allotment?.terms.at(-1);
  if (!allotment || !last || returned?.offers?.[allotment.subject] !== found.rev) return null;
  const { offer, rev } = found;
  if (rev !== '' && (!offer || offer.terms > last.terms || sameConditions(offer.conditions, last))) return null;
  const { terms, at: _at, ...conditions } = last;
  const wasWithdrawn =
    !allotment.places.some(isStanding) && allotment.places.some(({ why }) => why.code === 'offer-withdrawn');
  return {
    id: allotment.subject,
    author: authorOf(allotment.subject),
    state: wasWithdrawn ? 'withdrawn' : 'closed',
    capacity: conditions.quantity,
    rule: conditions.rule,
    partial: offer?.partial ?? 'skip',
    terms,
    conditions,
    ...(conditions.closesAt !== undefined && { closesAt: conditions.closesAt })
  };
}
