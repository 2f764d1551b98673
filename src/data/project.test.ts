import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeAllotment } from '#domain/allotment/allotment.ts';
import { claimId, makeClaim } from '#domain/claim/claim.ts';
import { makeComment } from '#domain/comment/comment.ts';
import { makeHandover } from '#domain/handover/handover.ts';
import { makeHide } from '#domain/hide/hide.ts';
import { listingId, makeListing } from '#domain/listing/listing.ts';
import { makePick } from '#domain/pick/pick.ts';
import type { Stored } from './log.ts';
import { project } from './project.ts';
import { catchUp, dropCircle } from './projector.ts';
import { circle, rowsOf } from './testing/devices.ts';
import { memoryLog, memoryModel } from './testing/memory-pouch.ts';

const now = '2026-03-01T08:00:00.000Z';
const people = ['lin', 'mei', 'hao'] as const;
const keys = ['one', 'two'] as const;

const listingRef = fc
  .tuple(fc.constantFrom(...people), fc.constantFrom(...keys))
  .map(([who, key]) => listingId(who, key));
const claimRef = fc.tuple(fc.constantFrom(...people), listingRef).map(([who, of]) => claimId(who, of));

/** Any record that a circle can hold about a handful of things, so that they meet often. */
const record = fc.oneof(
  fc
    .tuple(fc.constantFrom(...people), fc.constantFrom(...keys), fc.constantFrom('open', 'closed', 'withdrawn'))
    .map(([author, key, status]) => makeListing({ title: 'Trousers', status: status as 'open' }, { author, key, now })),
  fc
    .tuple(fc.constantFrom(...people), listingRef, fc.constantFrom('standing', 'withdrawn'), fc.boolean())
    .map(([author, subject, status, isReceived]) =>
      makeClaim({ subject, status: status as 'standing', receivedAt: isReceived ? now : undefined }, { author, now })
    ),
  claimRef.map((subject) => makePick({ subject }, { author: 'lin', now })),
  claimRef.map((subject) => makeHandover({ subject, handedOverAt: now }, { author: 'lin', now })),
  listingRef.map((subject) => makeHide({ subject, reason: 'spam' }, { author: 'mei', now })),
  fc
    .tuple(fc.constantFrom(...keys), listingRef)
    .map(([key, subject]) => makeComment({ subject, text: 'Still there?' }, { author: 'hao', key, now })),
  fc.tuple(listingRef, fc.constantFrom(...people)).map(([subject, who]) =>
    makeAllotment(
      {
        subject,
        left: 0,
        next: 2,
        terms: [],
        places: [
          {
            claim: claimId(who, subject),
            quantity: 1,
            arrival: 1,
            state: 'given',
            why: { code: 'in-order', rule: 'first-come', arrival: 1, ahead: 0 }
          }
        ]
      },
      { author: 'hub', now }
    )
  ),
  // What does not belong: an unknown kind, a record that is not valid, no record at all, another database's kind.
  fc.constant({ _id: 'lin:riddle:one', kind: 'riddle' }),
  fc.constant({ _id: 'lin:listing:one', kind: 'listing', title: 4 }),
  fc.constant({ _id: 'something' }),
  fc.constant({ _id: 'lin:message:one', kind: 'message', v: 1, text: 'psst' })
);

type Step = { doc: { _id: string }; act: 'save' | 'delete' | 'project' };
const steps = fc.array(fc.record({ doc: record, act: fc.constantFrom('save', 'save', 'save', 'delete', 'project') }), {
  minLength: 1,
  maxLength: 25
}) as fc.Arbitrary<Step[]>;

test('[R9] rows that followed the log one by one equal rows replayed from it', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      const log = memoryLog();
      const model = memoryModel();
      for (const { doc, act } of all) {
        const before = await log.get(doc._id);
        if (act === 'delete' && before) await log.put({ _id: doc._id, _rev: before._rev, _deleted: true });
        else await log.put({ ...doc, _rev: before?._rev });
        if (act === 'project') await catchUp(model, log, circle);
      }
      await catchUp(model, log, circle);
      const followed = await rowsOf({ model });
      await dropCircle(model, circle);
      await catchUp(model, log, circle);
      expect(await rowsOf({ model })).toEqual(followed);
      model.close();
      await log.destroy();
    }),
    { numRuns: 40 }
  );
}, 120_000);

test('[R8] any order and any repetition of the same records gives the same rows', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(record, { selector: (doc) => doc._id, maxLength: 12 }),
      fc.gen(),
      async (docs, g) => {
        const revised = docs.map((doc, index): Stored => ({ ...doc, _rev: `1-${String(index).padStart(32, 'a')}` }));
        const shuffled = g(() => fc.shuffledSubarray(revised, { minLength: revised.length }));
        const rows = [];
        for (const order of [revised, [...shuffled, ...shuffled.slice(0, 3)]]) {
          const log = memoryLog();
          const model = memoryModel();
          for (const doc of order) {
            await log.take([doc]);
            await catchUp(model, log, circle);
          }
          rows.push(await rowsOf({ model }));
          model.close();
          await log.destroy();
        }
        expect(rows[1]).toEqual(rows[0]);
      }
    ),
    { numRuns: 25 }
  );
}, 120_000);

test('[R8] a document of any shape has an answer', () => {
  fc.assert(
    fc.property(fc.object(), fc.string(), (fields, id) => {
      project(circle, { ...fields, _id: id, _rev: '1-a' });
      project('me', { ...fields, _id: `lin:listing:${id}`, _rev: '1-a' });
    })
  );
});

test('[R13] what belongs in one database has no row in the other', () => {
  const listing = makeListing({ title: 'Pot' }, { author: 'lin', key: 'one', now });
  expect(project('me', { ...listing, _rev: '1-a' })).toBeNull();
  expect(project(circle, { ...listing, _rev: '1-a' })?.row).not.toBeNull();
});

test('a fact about a listing that came before the listing shows once the listing is there', async () => {
  const log = memoryLog();
  const model = memoryModel();
  const subject = listingId('lin', 'one');
  await log.put(makeHide({ subject, reason: 'spam' }, { author: 'mei', now }) as never);
  await catchUp(model, log, circle);
  await log.put(makeListing({ title: 'Pot' }, { author: 'lin', key: 'one', now }) as never);
  await catchUp(model, log, circle);
  expect(await model.listing.get([circle, subject])).not.toHaveProperty('shelfAt');
});

test('two tabs that follow the same log at once leave the newest rows', async () => {
  const log = memoryLog();
  const model = memoryModel();
  for (let n = 0; n < 30; n++) {
    const before = await log.get('lin:listing:one');
    const listing = makeListing({ title: `Pot ${n}` }, { author: 'lin', key: 'one', now });
    await log.put({ ...listing, _rev: before?._rev });
    await Promise.all([catchUp(model, log, circle), catchUp(model, log, circle)]);
  }
  expect((await model.listing.get([circle, listingId('lin', 'one')]))?.record.title).toBe('Pot 29');
});

test('[R9] a page of many listings and what was said about them gives the rows that came one by one', async () => {
  const things = Array.from({ length: 40 }, (_, index) => {
    const at = { author: people[index % 3]!, key: `thing-${index}`, now };
    const listing = makeListing({ title: `Thing ${index}` }, at);
    const claim = makeClaim({ subject: listing._id, receivedAt: now }, { author: 'xiaoyu', now });
    const hide = makeHide({ subject: listing._id, reason: 'spam' }, { author: 'zhou', now });
    return [listing, ...(index % 4 === 0 ? [claim] : []), ...(index % 5 === 0 ? [hide] : [])];
  });
  const rowsAfter = async (pages: object[][]) => {
    const log = memoryLog();
    const model = memoryModel();
    for (const page of pages) {
      await log.take(page.map((doc, index) => ({ ...doc, _rev: `1-${String(index).padStart(32, 'a')}` }) as Stored));
      await catchUp(model, log, circle);
    }
    const rows = await rowsOf({ model });
    return rows.listing!.map((row) => ({ ...(row as object), record: null }));
  };
  const said = things.flatMap((page) => page.slice(1));
  const listings = things.map((page) => page[0]!);
  const oneByOne = await rowsAfter([...said, ...listings].map((doc) => [doc]));
  expect(oneByOne.filter((row) => 'shelfAt' in row)).toHaveLength(32);
  expect(await rowsAfter([said, listings])).toEqual(oneByOne);
  expect(await rowsAfter([listings, said])).toEqual(oneByOne);
  expect(await rowsAfter([said, listings.slice(20), listings.slice(0, 20)])).toEqual(oneByOne);
});
