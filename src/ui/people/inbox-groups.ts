import type { MessageView, NewsView } from '#domain/views.ts';

type InboxLine = { kind: 'message'; at: string; message: MessageView } | { kind: 'news'; at: string; news: NewsView };
export type InboxGroup = {
  key: string;
  circle: string;
  listing?: string;
  title: string;
  at: string;
  lines: InboxLine[];
};

const perGroup = 6; // the newest few; the thing's own screen has them all

/** Words and news by thing, the thing with the newest line first, its lines in the order they were said. */
export function inboxGroups(messages: readonly MessageView[], news: readonly NewsView[]): InboxGroup[] {
  const groups = new Map<string, InboxGroup>();
  const add = (circle: string, listing: string | undefined, person: string, title: string, line: InboxLine) => {
    const key = listing ?? `${circle}/${person}`;
    const group = groups.get(key) ?? { key, circle, listing, title, at: line.at, lines: [] };
    if (line.at > group.at) group.at = line.at;
    group.title ||= title;
    group.lines.push(line);
    groups.set(key, group);
  };
  for (const one of news) add(one.circle, one.listing, '', one.title, { kind: 'news', at: one.at, news: one });
  for (const message of messages) {
    const line: InboxLine = { kind: 'message', at: message.createdAt, message };
    const other = message.mine ? (message.to[0] ?? '') : message.from;
    add(message.circle, message.listing, other, message.title ?? '', line);
  }
  for (const group of groups.values()) {
    group.lines.sort((a, b) => (a.at < b.at ? -1 : 1));
    group.lines = group.lines.slice(-perGroup);
  }
  return [...groups.values()].sort((a, b) => (a.at < b.at ? 1 : -1));
}
