export type InboxMessage = {
  id: string;
  from: string;
  fromName: string;
  to: string[];
  text: string;
  circle: string;
  subject?: string;
  title?: string;
  createdAt: string;
  mine: boolean;
};
export type InboxNews = {
  circle: string;
  circleName: string;
  listing: string;
  title: string;
  what: 'asked' | 'given' | 'waiting' | 'to-confirm' | 'refused' | 'comment' | 'handed-over';
  person: string;
  personName: string;
  at: string;
};
export type InboxLine =
  { kind: 'message'; at: string; message: InboxMessage } | { kind: 'news'; at: string; news: InboxNews };
export type InboxGroup = {
  key: string;
  circle: string;
  listing?: string;
  title: string;
  at: string;
  lines: InboxLine[];
};

const perGroup = 6; // the newest few; the thing's own screen has them all

/** The listing a private word is about: its subject is the listing itself or a claim, whose id ends with the listing's. */
export function listingOf(subject: string | undefined): string | undefined {
  return subject?.match(/[^:]+:listing:[^:]+$/)?.[0];
}

/** Words and news by thing, the thing with the newest line first, its lines in the order they were said. */
export function inboxGroups(messages: readonly InboxMessage[], news: readonly InboxNews[]): InboxGroup[] {
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
    add(message.circle, listingOf(message.subject), other, message.title ?? '', line);
  }
  for (const group of groups.values()) {
    group.lines.sort((a, b) => (a.at < b.at ? -1 : 1));
    group.lines = group.lines.slice(-perGroup);
  }
  return [...groups.values()].sort((a, b) => (a.at < b.at ? 1 : -1));
}
