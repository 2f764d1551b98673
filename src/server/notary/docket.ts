import { kinds } from '#domain/kinds.ts';
import { hubAuthor, parseRecordId, type RecordId } from '#domain/id.ts';
import type { CouchChange, Database } from '../couch-database.ts';

/** What is to be looked at, sorted by how soon. */
export type Docket = {
  /** Offers that somebody waits for an answer of, each with the claims that changed, in the order the database took them. */
  claimed: Map<RecordId, Set<RecordId>>;
  /** Offers that changed themselves. */
  offers: Set<RecordId>;
  /** People whose membership changed. */
  members: Set<string>;
  /** At which revision each of these was told of, until it was read. */
  told: Map<string, string>;
};

export const emptyDocket = (): Docket => ({
  claimed: new Map(),
  offers: new Set(),
  members: new Set(),
  told: new Map()
});

const offerKinds: readonly string[] = kinds.claim.subjectKinds;

/** Adds what these changes ask for. The ids alone tell, so that a flood of anything else costs nothing but its ids. */
export function addToDocket(
  docket: Docket,
  changes: readonly (Pick<CouchChange, 'id'> & Partial<CouchChange>)[]
): void {
  for (const { id, changes: [leaf] = [] } of changes) {
    const parts = parseRecordId(id);
    if (!parts) continue;
    if (parts.author === hubAuthor) {
      if (parts.kind === 'member') docket.members.add(parts.key);
    } else if (parts.kind === 'claim') {
      claimsOf(docket, parts.key as RecordId).add(id as RecordId);
    } else if (parts.kind === 'pick') {
      const claim = parseRecordId(parts.key);
      if (claim?.kind === 'claim') claimsOf(docket, claim.key as RecordId);
    } else if (offerKinds.includes(parts.kind)) {
      docket.offers.add(id as RecordId);
    } else continue;
    if (leaf) docket.told.set(id, leaf.rev);
  }
}

const generation = (rev: string) => Number.parseInt(rev, 10) || 0;

/**
 * Strikes off what was read; `rev` is the revision read, '' for nothing. Rejects by throwing what is older than what was told: on a cluster one
 * copy tells of a change before most have it, and a document is read as most have it. Settled on that, a claim would stay without
 * an answer, so the whole is read again.
 */
export function strikeRead(docket: Docket, ids: Iterable<string>, rev: (id: string) => string): void {
  for (const id of ids) {
    if (generation(rev(id)) < generation(docket.told.get(id) ?? ''))
      throw new Error("the database's copies do not all have yet what one of them told of");
    docket.told.delete(id);
  }
}

/** The claims of one offer to be looked at, made empty if need be. */
export function claimsOf(docket: Docket, offer: RecordId): Set<RecordId> {
  const claims = docket.claimed.get(offer) ?? new Set();
  docket.claimed.set(offer, claims);
  return claims;
}

export const isEmpty = ({ claimed, offers, members }: Docket) => claimed.size + offers.size + members.size === 0;

/** Takes up to `most` offers with their claims off the docket. */
export function takeClaimed(docket: Docket, most: number): Map<RecordId, Set<RecordId>> {
  const taken = new Map([...docket.claimed].slice(0, most));
  for (const offer of taken.keys()) docket.claimed.delete(offer);
  return taken;
}

/** The same for offers that changed themselves. */
export function takeOffers(docket: Docket, most: number): Map<RecordId, Set<RecordId>> {
  const taken = [...docket.offers].slice(0, most);
  for (const offer of taken) docket.offers.delete(offer);
  return new Map(taken.map((offer) => [offer, new Set()]));
}

/** Ids by the page: a page is 100 kB. Pages taken in before anything is settled are bounded too, at 2 MB. */
const idsInPage = 1_000;
const pagesAtOnce = 20;

/** What changed since, without documents, in the database's order, and the sequence up to which that is all. */
export async function readNews(database: Database, from: string): Promise<{ changes: CouchChange[]; since: string }> {
  const changes: CouchChange[] = [];
  for (let since = from, page = 1; ; page++) {
    const { results, last_seq } = await database.changes({ since, limit: idsInPage });
    changes.push(...results);
    since = last_seq;
    if (results.length < idsInPage || page === pagesAtOnce) return { changes, since };
  }
}
