import { allot } from '#domain/allot.ts';
import { makeAllotment, type Allotment } from '#domain/allotment/allotment.ts';
import { makeClaim, type Claim } from '#domain/claim/claim.ts';
import { makeComment } from '#domain/comment/comment.ts';
import { makeHandover } from '#domain/handover/handover.ts';
import { hubAuthor, type RecordId } from '#domain/id.ts';
import type { AnyRecord } from '#domain/kinds.ts';
import type { Listing } from '#domain/listing/listing.ts';
import { makeMember } from '#domain/member/member.ts';
import { offerOf } from '#domain/offer.ts';
import { makePerson } from '#domain/person/person.ts';
import { makePhoto } from '#domain/photo/photo.ts';
import { neighbours, pick, seededListings } from './documents.ts';
import { seeded } from '../seeded.ts';

/** What a device is sent on one day, in the order in which the database took it. */
export type Day = AnyRecord[];

const dayMs = 86_400_000;
const firstDay = Date.parse('2026-01-01T00:00:00.000Z');
// Two things a month of each neighbour's; of a hundred so many are changed later, commented on, withdrawn.
const thingsADay = (neighbours.length * 24) / 365;
const share = { changed: 0.3, withdrawn: 0.1, settled: 0.8, pictured: 0.9 };

/** Fifty people's days: things with pictures, price changes, claims, the hub's answers to each, ticks, talk. The same for the same seed. */
export function simulatedYear(seed: number, days: number): Day[] {
  const random = seeded(seed);
  const hex = (length: number) => Array.from({ length }, () => Math.floor(random() * 16).toString(16)).join('');
  const key = () => `k-${hex(24)}`;
  const things = seededListings(seed, Math.ceil(thingsADay * days));
  const year: Day[] = Array.from({ length: days }, () => []);
  const on = (day: number, make: (now: string) => AnyRecord): void => {
    // What would come after the last day has not happened yet.
    if (day < days) year[day]!.push(make(new Date(firstDay + day * dayMs + year[day]!.length * 1_000).toISOString()));
  };
  const later = (most: number) => Math.floor(random() * most);

  for (const author of neighbours) {
    on(0, (now) =>
      makeMember({ person: author, name: author, role: 'member', joinedAt: now }, { author: hubAuthor, now })
    );
    on(0, (now) => makePerson({ name: `Neighbour ${author}` }, { author, now }));
  }
  things.forEach((thing, index) => {
    const day = Math.floor(index / thingsADay);
    const author = thing._id.slice(0, thing._id.indexOf(':'));
    const others = neighbours.filter((person) => person !== author);
    let listing: Listing = { ...thing };
    if (random() < share.pictured) {
      const at = { author, now: thing.createdAt, key: hex(64) };
      const picture = { width: 1_600, height: 1_200, bytes: 240_000, type: 'image/jpeg' as const, thumbhash: hex(28) };
      const photo = makePhoto(picture, at);
      listing = { ...listing, photos: [photo._id] };
      on(day, (now) => ({ ...photo, createdAt: now, updatedAt: now }));
      on(day, (now) => ({ ...photo, createdAt: now, updatedAt: now, uploadedAt: now }));
    }
    on(day, (now) => (listing = { ...listing, createdAt: now, updatedAt: now }));
    if (random() < share.changed) {
      const terms = 2;
      on(day + later(4), (now) => (listing = { ...listing, terms, quantity: listing.quantity + 1, updatedAt: now }));
    }
    for (let talk = later(5); talk > 0; talk--) {
      const text = pick(random, things).text.slice(0, 80);
      const by = pick(random, neighbours);
      on(day + later(5), (now) => makeComment({ subject: listing._id, text }, { author: by, now, key: key() }));
    }

    let answer: Allotment | null = null;
    const claims: Claim[] = [];
    const answerAll = (now: string): Allotment => {
      const asked = {
        subject: listing._id,
        offer: offerOf(listing),
        claims,
        picks: [],
        leftPeople: new Set<string>(),
        now
      };
      const body = allot(asked, answer);
      const made = makeAllotment(body, { author: hubAuthor, now });
      const counter = (answer?.counter ?? 0) + 1;
      return (answer = { ...made, createdAt: answer?.createdAt ?? now, counter, signature: hex(86) } as Allotment);
    };
    const asked = new Set<string>();
    for (let wish = later(4); wish > 0; wish--) asked.add(pick(random, others));
    for (const person of asked) {
      const when = day + later(6);
      let claim: Claim;
      on(when, (now) => {
        claim = makeClaim({ subject: listing._id, terms: listing.terms ?? 1 }, { author: person, now });
        claims.push(claim);
        return claim;
      });
      on(when, answerAll);
      if (random() > share.settled) continue;
      const done = when + 1 + later(5);
      on(done, (now) => makeHandover({ subject: claim._id as RecordId, handedOverAt: now }, { author, now }));
      on(done, (now) => ({ ...claim, paid: { how: 'transfer', at: now }, receivedAt: now, updatedAt: now }));
    }
    if (random() < share.withdrawn) {
      on(day + 10, (now) => (listing = { ...listing, status: 'withdrawn', updatedAt: now }));
      if (asked.size > 0) on(day + 10, answerAll);
    }
  });
  return year;
}
