import { expect, test } from 'vitest';
import { makeClaim } from '#domain/claim/claim.ts';
import { listingId, makeListing, type ListingBody } from '#domain/listing/listing.ts';
import { makePerson } from '#domain/person/person.ts';
import { catchUp } from '../projector.ts';
import type { ShelfFilter } from '../queries/shelf.ts';
import { circle, meOf } from '../testing/devices.ts';
import { memoryLog, memoryModel, memoryStore } from '../testing/memory-pouch.ts';
import type { Desk } from './desk.ts';
import { listingDetail } from './listing.ts';
import { myThings } from './mine.ts';
import { shelfPage } from './shelf.ts';

const at = (minute: number) => new Date(Date.parse('2026-03-01T08:00:00Z') + minute * 60_000).toISOString();

const things: [string, string, ListingBody][] = [
  ['lin', 'pot', { title: 'Pot', category: 'home', price: { amountMinor: 500, currency: 'CNY' } }],
  ['lin', 'shirt', { title: 'Shirt', category: 'clothes' }],
  ['hao', 'jujubes', { title: 'Jujubes', category: 'food', quantity: 5 }],
  ['hao', 'ladder', { title: 'Ladder', direction: 'wanted' }],
  ['lin', 'gone', { title: 'Gone', status: 'withdrawn' }],
  ['hao', 'late', { title: 'Late', closesAt: at(5) }]
];

async function desk(): Promise<Desk> {
  const log = memoryLog();
  const model = memoryModel();
  const store = memoryStore();
  const records = [
    ...things.map(([author, key, body], index) => makeListing(body, { author, key, now: at(index) })),
    makePerson({ name: 'Hao of the farm' }, { author: 'hao', now: at(0) }),
    makeClaim({ subject: listingId('hao', 'jujubes'), quantity: 2 }, { author: 'lin', now: at(20) })
  ];
  for (const record of records) await log.put(record as never);
  await catchUp(model, log, circle);
  await store.unsent.put({ circle, id: 'lin:claim:hao:listing:jujubes', rev: '1-a', at: 0 });
  return { model, store, me: () => meOf('lin'), now: () => Date.parse(at(30)) };
}

const titlesOf = async (filter: ShelfFilter, limit = 50) =>
  (await shelfPage(await desk(), { circle, filter, limit }))?.map((card) => card.title);

test('the shelf has the newest first, without what is over or past its closing time', async () => {
  expect(await titlesOf({})).toEqual(['Ladder', 'Jujubes', 'Shirt', 'Pot']);
  expect(await titlesOf({}, 2)).toEqual(['Ladder', 'Jujubes']);
});

test('each filter narrows it, and two narrow it more', async () => {
  expect(await titlesOf({ category: 'food' })).toEqual(['Jujubes']);
  expect(await titlesOf({ free: true })).toEqual(['Ladder', 'Jujubes', 'Shirt']);
  expect(await titlesOf({ direction: 'wanted' })).toEqual(['Ladder']);
  expect(await titlesOf({ free: true, category: 'clothes' })).toEqual(['Shirt']);
});

test('nobody says that a shelf is empty before anything of its circle is here', async () => {
  const newcomer: Desk = { ...(await desk()), model: memoryModel() };
  const ask = { circle, filter: {}, limit: 50 };
  expect(await shelfPage(newcomer, ask)).toBeNull();
  await newcomer.store.feeds.put({ circle, since: '1' });
  expect(await shelfPage(newcomer, ask)).toEqual([]);
});

test('nobody says that I have nothing before each of my circles has sent something', async () => {
  const newcomer: Desk = { ...(await desk()), model: memoryModel() };
  expect(await myThings(newcomer)).toBeNull();
  await newcomer.store.feeds.put({ circle, since: '1' });
  expect(await myThings(newcomer)).toEqual({ giving: [], getting: [], waiting: [], done: [] });
});

test('mine are there in every state', async () => {
  expect(await titlesOf({ mine: true })).toEqual(['Gone', 'Shirt', 'Pot']);
});

test('a card says whose it is and how it stands with me', async () => {
  const [, jujubes] = (await shelfPage(await desk(), { circle, filter: {}, limit: 2 })) ?? [];
  expect(jujubes).toMatchObject({ authorName: 'Hao of the farm', mine: 'unsent', myQuantity: 2, left: 5 });
});

test('my things are sorted by which way they go', async () => {
  const mine = (await myThings(await desk()))!;
  expect(mine.giving.map((card) => card.title)).toEqual(['Shirt', 'Pot']);
  expect(mine.waiting.map((card) => card.title)).toEqual(['Jujubes']);
  expect(mine.done.map((card) => card.title)).toEqual(['Gone']);
});

test('an item that is not here is no item', async () => {
  expect(await listingDetail(await desk(), circle, 'lin:listing:other')).toBeNull();
});
