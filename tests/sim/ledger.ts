import { whyCodes, type Allotment } from '#domain/allotment/allotment.ts';
import type { Claim } from '#domain/claim/claim.ts';
import { authorOf, hubAuthor, parseRecordId } from '#domain/id.ts';
import type { Listing } from '#domain/listing/listing.ts';
import type { Member } from '#domain/member/member.ts';
import type { Commit } from './memory-writes.ts';

/** A revision that a person was shown as saved. */
export type Promised = { person: string; database: string; id: string; rev: string };

export type Ledger = ReturnType<typeof createLedger>;

/** By the hub's clock (R5). */
export const confirmMs = 48 * 3_600_000;
/** From the hub's look at its clock to its write. */
const lagMs = 1_000;
/** A hub that was down looks again when it is back. */
const lateMs = 60_000;

const counterOf = (answer: Allotment) => (answer as { counter?: number }).counter ?? 0;

export const databaseOf = (circle: string, person: string) => (circle === 'me' ? `me-${person}` : `c-${circle}`);

/**
 * Knows all that was ever written and acknowledged, beside the parts that are tried and without any of their code: what
 * they do is held against it, at every commit and at the end.
 */
export function createLedger(now: () => number) {
  const faults: string[] = [];
  const promised: Promised[] = [];
  const authors = new Map<string, Set<string>>();
  const committedAt = new Map<string, number>();
  const acknowledged: { database: string; id: string; rev: string }[] = [];
  const refused = new Set<string>();
  const offered = new Map<string, number>();
  const ever = {
    withdrawn: new Set<string>(),
    lowered: new Set<string>(),
    left: new Set<string>(),
    gone: new Set<string>()
  };
  const quantities = new Map<string, number>();
  const answers = new Map<string, Allotment>();
  const pending = new Map<string, { seq: number; commits: number }>();
  const numbered = new Set<string>();
  const seen = {
    given: new Set<string>(),
    waited: new Set<string>(),
    withdrawn: new Set<string>(),
    left: new Set<string>(),
    unconfirmed: new Set<string>()
  };
  const asking = new Map<string, number>();
  const termsOf = new Map<string, number | undefined>();
  const standing = new Map<string, string>();
  let lastCommitAt = 0;
  let isRestored = false;

  const fault = (text: string) => void (faults.length < 20 && faults.push(text));

  function wishCommitted(claim: Claim, seq: number, database: string): void {
    const key = `${database} ${claim._id}`;
    if ((claim as { _deleted?: true })._deleted || claim.status === 'withdrawn') {
      ever.withdrawn.add(key);
      pending.delete(key);
      return;
    }
    if (claim.quantity < (quantities.get(key) ?? 0)) ever.lowered.add(key);
    quantities.set(key, claim.quantity);
    if (numbered.has(key)) return;
    const before = pending.get(key);
    pending.set(key, { seq: before?.seq ?? seq, commits: (before?.commits ?? 0) + 1 });
  }

  /** Invariant 6, from the hub's answers alone and what had been committed before them. */
  function answered(database: string, next: Allotment): void {
    const key = `${database} ${next.subject}`;
    const before = answers.get(key);
    // After a restore what is handed back may first be older than what the next device has.
    if (before && isRestored && counterOf(next) <= counterOf(before)) return;
    answers.set(key, next);
    const given = next.places.filter(({ state }) => state === 'given');
    const total = given.reduce((sum, { quantity }) => sum + quantity, 0);
    if (total > (offered.get(key) ?? 0)) fault(`${key}: ${total} are given of ${offered.get(key) ?? 0} ever offered`);
    for (const place of next.places) {
      if (!place.why || !whyCodes.includes(place.why.code) || place.why.arrival !== place.arrival)
        fault(`${key}: place ${place.arrival} stands without a sound why`);
      const mark = `${key} ${place.arrival}`;
      if (place.state === 'given') seen.given.add(mark);
      else if (place.state === 'waiting') seen.waited.add(mark);
      else if (place.why?.code === 'withdrawn') seen.withdrawn.add(mark);
      else if (place.why?.code === 'left') seen.left.add(mark);
      askedToConfirm(mark, place);
    }
    for (const had of before?.places ?? []) kept(key, database, had, next);
    ordered(key, database, next);
  }

  /** R5: a place whose terms changed waits two days for a word, by the hub's clock, neither less nor more. */
  function askedToConfirm(mark: string, { state, terms, why }: Allotment['places'][number]): void {
    const before = asking.get(mark);
    if (state === 'to-confirm') {
      if (before === undefined || termsOf.get(mark) !== terms) asking.set(mark, now());
      termsOf.set(mark, terms);
      return;
    }
    asking.delete(mark);
    if (why?.code !== 'not-confirmed' || seen.unconfirmed.has(mark)) return;
    seen.unconfirmed.add(mark);
    if (before === undefined || now() - before < confirmMs - lagMs)
      fault(`${mark} was released ${before === undefined ? 'unasked' : `after ${(now() - before) / 1_000} s`}`);
  }

  function kept(key: string, database: string, had: Allotment['places'][number], next: Allotment): void {
    const has = next.places.find(({ arrival }) => arrival === had.arrival);
    const claim = `${database} ${had.claim}`;
    if (!has) return fault(`${key}: place ${had.arrival} of ${had.claim} is gone without a word`);
    if (has.claim !== had.claim) return fault(`${key}: place ${had.arrival} changed hands`);
    if (had.state === 'refused' && has.state !== 'refused')
      return fault(`${key}: place ${had.arrival} was over and stands again`);
    if (had.state !== 'given') return;
    const mayShrink = ever.withdrawn.has(claim) || ever.lowered.has(claim);
    if (has.state === 'given') {
      if (has.quantity < had.quantity && !mayShrink) fault(`${key}: place ${had.arrival} was given and is less now`);
      return;
    }
    const reasons: Record<string, boolean> = {
      withdrawn: mayShrink,
      left: ever.left.has(`${database} ${authorOf(had.claim)}`),
      'offer-withdrawn': ever.gone.has(key) || ever.left.has(`${database} ${authorOf(next.subject)}`)
    };
    if (has.state !== 'refused' || !reasons[has.why.code])
      fault(`${key}: place ${had.arrival} of ${had.claim} was given and is ${has.state} (${has.why?.code}) now`);
  }

  /** Whoever's first wish the database took first, and who did not touch it since, has the lower number. */
  function ordered(key: string, database: string, next: Allotment): void {
    const fresh = next.places
      .map(({ claim, arrival }) => ({ claim: `${database} ${claim}`, arrival }))
      .filter(({ claim }) => !numbered.has(claim));
    const timed = fresh
      .flatMap(({ claim, arrival }) => {
        const wish = pending.get(claim);
        return wish?.commits === 1 ? [{ claim, arrival, seq: wish.seq }] : [];
      })
      .sort((a, b) => a.arrival - b.arrival);
    for (const [index, one] of timed.entries()) {
      if (index > 0 && timed[index - 1]!.seq > one.seq) fault(`${key}: ${one.claim} came first and has a later number`);
    }
    const newest = Math.max(0, ...timed.map(({ seq }) => seq));
    for (const { claim } of fresh) {
      numbered.add(claim);
      pending.delete(claim);
    }
    for (const [claim, { seq, commits }] of pending) {
      if (commits === 1 && seq < newest && claim.startsWith(`${database} `) && claim.endsWith(`:claim:${next.subject}`))
        fault(`${key}: ${claim} came before one that has a number, and has none`);
    }
  }

  return {
    faults,
    fault,
    promised,
    acknowledged,
    refused,
    committedAt,
    seen,
    /** When the hub's database last took anything. */
    lastCommitAt: () => lastCommitAt,

    unexpected: (text: string) => fault(`unexpected: ${text}`),

    /** A log took a revision of a device's own making. */
    wrote(person: string, circle: string, doc: { _id: string }, rev: string): void {
      const key = `${databaseOf(circle, person)} ${doc._id} ${rev}`;
      authors.set(key, (authors.get(key) ?? new Set()).add(person));
      standing.set(`${person} ${circle} ${doc._id}`, rev);
    },

    /** Whether one of this person's devices made the revision, under whosever name. */
    isBy: (person: string, database: string, id: string, rev: string) =>
      authors.get(`${database} ${id} ${rev}`)?.has(person) ?? false,

    /** A person was shown her record as saved. */
    saved(person: string, circle: string, id: string): void {
      const rev = standing.get(`${person} ${circle} ${id}`);
      if (rev) promised.push({ person, database: databaseOf(circle, person), id, rev });
    },

    /** The hub answered a batch of hers. */
    judged(person: string, circle: string, body: string, answer: string, isHeard: boolean): void {
      const database = databaseOf(circle, person);
      const { docs } = JSON.parse(body) as { docs: { _id: string; _rev: string }[] };
      const rows = JSON.parse(answer) as { id: string; error?: string }[];
      const bad = new Set(Array.isArray(rows) ? rows.flatMap(({ id, error }) => (error ? [id] : [])) : []);
      for (const { _id: id, _rev: rev } of docs) {
        if (bad.has(id)) refused.add(`${database} ${id} ${rev}`);
        else if (isHeard) acknowledged.push({ database, id, rev });
      }
    },

    /** The database took a revision: R1, and what the hub says next to what it knows. */
    committed({ database, id, seq, doc, winner }: Commit): void {
      if (database === 'system') return;
      lastCommitAt = now();
      const key = `${database} ${id} ${doc._rev}`;
      if (!committedAt.has(key)) committedAt.set(key, now());
      const parts = parseRecordId(id);
      if (!parts) return fault(`${key} is no record`);
      if (parts.author !== hubAuthor && !authors.get(key)?.has(parts.author))
        fault(`${key} is not by ${parts.author}, whose it should be`);
      const subject = `${database} ${id}`;
      // R10: of what two devices of hers wrote side by side the winning revision is what she wishes and offers.
      if (parts.kind === 'claim') wishCommitted(winner as unknown as Claim, seq, database);
      else if (parts.kind === 'allotment') answered(database, doc as unknown as Allotment);
      else if (parts.kind === 'member' && (doc as unknown as Member).leftAt) ever.left.add(`${database} ${parts.key}`);
      else if (parts.kind === 'listing') {
        const { quantity = 0, status } = winner as unknown as Listing;
        offered.set(subject, Math.max(quantity, offered.get(subject) ?? 0));
        if (winner._deleted || status === 'withdrawn') ever.gone.add(subject);
      }
    },

    /** Places that were asked for a word longer ago than they may wait for it. */
    overdue: () => [...asking].flatMap(([mark, at]) => (now() - at > confirmMs + lateMs ? [mark] : [])),

    isRestored: () => isRestored,

    /** The hub became older. What it or a device still has of its answers holds (§4); in which order the claims come once more does not. */
    restored(kept: Map<string, Allotment>): void {
      isRestored = true;
      answers.clear();
      pending.clear();
      for (const claim of quantities.keys()) numbered.add(claim);
      asking.clear();
      for (const [key, answer] of kept) {
        answers.set(key, answer);
        // Who was asked before keeps the time that she was asked at.
        for (const { arrival, state, since, terms } of answer.places) {
          if (state !== 'to-confirm' || since === undefined) continue;
          asking.set(`${key} ${arrival}`, Date.parse(since));
          termsOf.set(`${key} ${arrival}`, terms);
        }
      }
    },

    everLeft: (database: string, person: string) => ever.left.has(`${database} ${person}`)
  };
}
