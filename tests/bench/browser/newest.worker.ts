// B2: the newest of a category, asked the shipped way and by hand from the same tables.
import { shelfPage } from '#data/answers/shelf.ts';
import type { Desk } from '#data/answers/desk.ts';
import { openDeviceStore } from '#data/device-store.ts';
import { openReadModel } from '#data/read-model.ts';
import { circleRecords, fillReadModel } from './fill.ts';
import { newestByHand } from './newest-by-hand.ts';
import { expose } from './rpc.ts';
import { timed } from './timed.ts';

const circle = '302';
const me = 'neighbour-1';
const model = openReadModel('bench:newest:read');
const store = openDeviceStore('bench:newest:device');
const desk: Desk = {
  model,
  store,
  me: () => ({
    id: me,
    login: 'lin',
    name: 'Lin',
    era: 'one',
    circles: [{ id: circle, name: '302', circleKind: 'circle', role: 'member' }]
  }),
  now: () => Date.parse('2027-01-01T00:00:00.000Z')
};

const keysOf = (cards: Record<'id' | 'title' | 'authorName', string>[]) =>
  cards.map(({ id, title, authorName }) => ({ id, title, authorName }));

expose({
  async fill(seed: number, count: number) {
    await store.feeds.put({ circle, since: '0' });
    await fillReadModel(model, circle, circleRecords(seed, count));
  },
  async ours(category: string, limit: number) {
    const { ms, value } = await timed(() => shelfPage(desk, { circle, filter: { category }, limit }));
    return { ms, rows: keysOf(value ?? []) };
  },
  async byHand(category: string, limit: number) {
    const { ms, value } = await timed(() => newestByHand(model.backendDB(), { circle, category, limit, me }));
    return { ms, rows: keysOf(value) };
  }
});
