import { expect, test } from 'vitest';
import type { MessageView, NewsView } from '#domain/views.ts';
import { inboxGroups } from './inbox-groups.ts';

const trousers = 'lin:listing:trousers';
const word = (over: Partial<MessageView>): MessageView => ({
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
const news = (over: Partial<NewsView>): NewsView => ({
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

test('a word about a listing stands with its news', () => {
  const groups = inboxGroups([word({ listing: trousers })], [news({})]);
  expect(groups).toHaveLength(1);
  expect(groups[0]?.title).toBe('Trousers');
  expect(groups[0]?.lines.map((line) => line.kind)).toEqual(['news', 'message']);
});

test('the thing with the newest line stands first', () => {
  const groups = inboxGroups(
    [word({ listing: 'zhou:listing:lamp', title: 'Lamp', createdAt: '2026-11-22T08:00:00.000Z' })],
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
