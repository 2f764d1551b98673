import { hasBegun } from '../device-store.ts';
import type { MyThings } from '../queries/mine.ts';
import type { MyThing } from '#domain/views.ts';
import { writtenBy } from '../read-model.ts';
import { cardsOf } from './cards.ts';
import type { Desk } from './desk.ts';

/** What I give, get and wait for, over all my circles, newest first. A wanted post turns giving and getting round. */
export async function myThings(desk: Desk): Promise<MyThings | null> {
  const things: MyThings = { giving: [], getting: [], waiting: [], done: [] };
  for (const circle of desk.me().circles) {
    for (const { card, received } of await thingsIn(desk, circle.id)) {
      things[placeOf(card, desk.me().id, received)]?.push({ ...card, circleName: circle.name });
    }
  }
  if (Object.values(things).every((list) => list.length === 0) && (await isStillComing(desk))) return null;
  for (const list of Object.values(things)) list.sort((a, b) => (a.createdAt > b.createdAt ? -1 : 1));
  return things;
}

/** Whether the first page of some circle of mine has yet to reach this device. */
async function isStillComing(desk: Desk): Promise<boolean> {
  const present = desk.me().circles.filter((circle) => !circle.leftAt);
  const feeds = await desk.store.feeds.bulkGet(present.map((circle) => circle.id));
  return !feeds.every(hasBegun);
}

async function thingsIn(desk: Desk, circle: string) {
  const me = desk.me().id;
  const [own, claims] = await Promise.all([
    writtenBy(desk.model.listing, circle, me).toArray(),
    writtenBy(desk.model.claim, circle, me).toArray()
  ]);
  const claimed = await desk.model.listing.bulkGet(claims.map((row) => [circle, row.listing]));
  const received = new Set(claims.filter((row) => row.record.receivedAt).map((row) => row.listing));
  const cards = await cardsOf(desk, circle, [...own, ...claimed.filter((row) => row !== undefined)]);
  return cards
    .filter((card) => card.author === me || card.mine !== 'none')
    .map((card) => ({ card, received: received.has(card.id) }));
}

function placeOf(card: Omit<MyThing, 'circleName'>, me: string, received: boolean): keyof MyThings {
  const isOffer = card.direction === 'offer';
  if (card.author === me) return card.state === 'gone' ? 'done' : isOffer ? 'giving' : 'getting';
  if (received || card.mine === 'refused') return 'done';
  if (card.mine === 'given' || card.mine === 'to-confirm') return isOffer ? 'getting' : 'giving';
  return 'waiting';
}
