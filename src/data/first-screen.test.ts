import { expect, test } from 'vitest';
import type { ShelfCard } from '#domain/views.ts';
import { createFirstScreen } from './first-screen.ts';
import { meInPage } from './names.ts';

const now = Date.parse('2026-03-01T08:00:00Z');
const lins = { account: 'lin', circle: '302', version: 'one' };
const card = (id: string, fields: Partial<ShelfCard> = {}) => ({ id, title: id, ...fields }) as ShelfCard;
const cards = Array.from({ length: 50 }, (_, index) => card(`thing-${index}`));

/** A tab of a browser: tabs share what is stored, and each hears of changed rows. */
function openTab(stored: Map<string, string>) {
  const listeners: ((circle: string) => void)[] = [];
  const idle: (() => void)[] = [];
  const screen = createFirstScreen({
    storage: () => ({
      getItem: (key) => stored.get(key) ?? null,
      setItem: (key, value) => void stored.set(key, value),
      removeItem: (key) => void stored.delete(key)
    }),
    onChanged: (listener) => void listeners.push(listener),
    whenIdle: (work) => void idle.push(work)
  });
  return {
    ...screen,
    change: (circle: string) => listeners.forEach((listener) => listener(circle)),
    rest: () => idle.splice(0).forEach((work) => work())
  };
}
const signedIn = (account: string) => new Map([[meInPage, JSON.stringify({ id: account, login: account })]]);
const idsOf = (shown: readonly ShelfCard[]) => shown.map(({ id }) => id);

test('the next start shows what the shelf showed last, as much as fits a screen', () => {
  const stored = signedIn('lin');
  const tab = openTab(stored);
  tab.keep(lins, cards);
  expect(stored.size).toBe(1);
  tab.rest();
  expect(idsOf(openTab(stored).of(lins, now))).toEqual(idsOf(cards.slice(0, 8)));
  expect(openTab(stored).of({ ...lins, circle: '303' }, now)).toEqual([]);
  expect(openTab(stored).of({ ...lins, version: 'two' }, now)).toEqual([]);
});

test('nobody else in this browser is shown it, and whoever signed out leaves nothing that was still to be kept', () => {
  const stored = signedIn('lin');
  const [tab, other] = [openTab(stored), openTab(stored)];
  tab.keep(lins, cards);
  tab.rest();
  expect(other.of({ ...lins, account: 'mei' }, now)).toEqual([]);
  tab.keep(lins, cards);
  stored.clear();
  tab.rest();
  expect(stored.size).toBe(0);
  stored.set(meInPage, JSON.stringify({ id: 'mei', login: 'lin' }));
  tab.keep(lins, cards);
  tab.rest();
  expect([...stored.keys()]).toEqual([meInPage]);
});

test('rows that changed while no shelf was looked at leave nothing to show, kept already or about to be', () => {
  const stored = signedIn('lin');
  const tab = openTab(stored);
  tab.keep(lins, cards);
  tab.rest();
  tab.change('303');
  expect(tab.of(lins, now)).toHaveLength(8);
  tab.change('302');
  expect(tab.of(lins, now)).toEqual([]);
  tab.keep(lins, cards);
  tab.change('302');
  tab.rest();
  expect(openTab(stored).of(lins, now)).toEqual([]);
});

test('what is past its closing time and what was left behind is not shown', () => {
  const stored = signedIn('lin');
  const tab = openTab(stored);
  tab.keep(lins, [card('over', { closesAt: '2026-03-01T07:59:59Z' }), card('open')]);
  tab.rest();
  expect(idsOf(tab.of(lins, now))).toEqual(['open']);
  tab.forgetUnless(['303']);
  expect(tab.of(lins, now)).toEqual([]);
});

test('a store that is full or holds nonsense is a start without it', () => {
  const stored = signedIn('lin');
  stored.set('jujube:first-screen', '{');
  expect(openTab(stored).of(lins, now)).toEqual([]);
  stored.set = (key) => {
    throw new Error(`${key} has no room`);
  };
  const tab = openTab(stored);
  tab.keep(lins, cards);
  tab.rest();
  expect(tab.of(lins, now)).toEqual([]);
});
