import { randomBytes } from 'node:crypto';
import { timeKey } from '#domain/id.ts';
import { listingId, makeListing, type Listing } from '#domain/listing/listing.ts';
import { makePerson } from '#domain/person/person.ts';
import type { Cast } from './cast.ts';
import { takePicture } from './still-life.ts';
import { things, type Thing } from './things.ts';

/** A thing on its shelf. */
export type Posted = Thing & { id: ReturnType<typeof listingId> };

const hourMs = 3_600_000;

/** Everybody says who they are, and posts what they have, the newest a few minutes ago and the oldest last week. */
export async function fillShelves(cast: Cast, now: number): Promise<Posted[]> {
  for (const [circle, members] of cast.members) {
    for (const person of members) {
      const at = { author: person.id, now: new Date(now - 200 * hourMs).toISOString() };
      await person.save(circle, makePerson({ name: person.name }, at));
    }
  }
  const posted: Posted[] = [];
  for (const [index, thing] of things.entries()) {
    const circle = cast.circles[thing.circle];
    const giver = cast.one(thing.by);
    const photos: Listing['photos'] = [];
    for (let view = 0; view < (thing.pictures ?? 1); view++) {
      const jpeg = await takePicture({ motif: thing.motif, colours: thing.colours, light: index, view });
      photos.push(await giver.showPicture(circle, jpeg));
    }
    const postedAt = now - (things.length - index) * 2.7 * hourMs;
    const at = { author: giver.id, now: new Date(postedAt).toISOString(), key: timeKey(postedAt, randomBytes) };
    const { title, text, price, category, quantity, unit, rule, partial, condition, wanted } = thing;
    await giver.save(
      circle,
      makeListing(
        {
          title,
          text,
          price: price === null ? null : { amountMinor: price, currency: 'CNY' },
          category,
          photos,
          quantity: quantity ?? 1,
          unit,
          rule: rule ?? 'first-come',
          partial,
          condition,
          direction: wanted ? 'wanted' : 'offer'
        },
        at
      )
    );
    posted.push({ ...thing, id: listingId(giver.id, at.key) });
  }
  return posted;
}
