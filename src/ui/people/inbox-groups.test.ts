import { expect, test } from 'vitest';
import { inboxGroups, listingOf, type InboxMessage, type InboxNews } from './inbox-groups.ts';

const trousers = 'lin:listing:trousers';
const word = (over: Partial<InboxMessage>): InboxMessage => ({
  id: 'mei:message:1',
  from: 'mei',
  fromName: 'Mei',
  to: ['lin'],
  text: 'Is six good?',
  circle: 'dorm-302',
  createdAt: '2026-11-22T10:00:00.000Z',
  mine: false,
  ...over
});
const news = (over: Partial<InboxNews>): InboxNews => ({
  circle: 'dorm-302',
  circleName: '302',
  listing: trousers,
  title: 'Trousers',
  what: 'asked',
  person: 'mei',
  personName: 'Mei',
  at: '2026-11-22T09:00:00.000Z',
  ...over
});

test('a word about a claim stands with the listing that is claimed', () => {
  expect(listingOf(`mei:claim:${trousers}`)).toBe(trousers);
  expect(listingOf(trousers)).toBe(trousers);
  expect(listingOf(undefined)).toBeUndefined();
  const groups = inboxGroups([word({ subject: `mei:claim:${trousers}` })], [news({})]);
  expect(groups).toHaveLength(1);
  expect(groups[0]?.title).toBe('Trousers');
  expect(groups[0]?.lines.map((line) => line.kind)).toEqual(['news', 'message']);
});

test('the thing with the newest line stands first', () => {
  const groups = inboxGroups(
    [word({ subject: 'zhou:listing:lamp', title: 'Lamp', createdAt: '2026-11-22T08:00:00.000Z' })],
    [news({}), news({ what: 'comment', at: '2026-11-22T07:00:00.000Z' })]
  );
  expect(groups.map((group) => group.title)).toEqual(['Trousers', 'Lamp']);
});

test('words about nothing in particular are kept by person', () => {
  const groups = inboxGroups(
    [
      word({}),
      word({ id: 'zhou:message:2', from: 'zhou', fromName: 'Zhou' }),
      word({ id: 'lin:message:3', from: 'lin', to: ['mei'], mine: true })
    ],
    []
  );
  expect(groups.map((group) => group.lines.length).sort()).toEqual([1, 2]);
});
