import type { Message } from '#domain/message/message.ts';
import { parseRecord } from '#domain/record.ts';
import { listingOf } from '../project.ts';
import type { MessageView } from '#domain/views.ts';
import { namesOf, type Desk } from './desk.ts';

type Letter = { from: string; record: Message };

/** Private words from me and to me, newest first (R13: they live in my own database only). */
export async function allMessages(desk: Desk): Promise<MessageView[]> {
  return viewsOf(desk, await letters(desk));
}

/** Those about one listing or a claim on it, oldest first. */
export async function messagesAbout(desk: Desk, circle: string, listing: string): Promise<MessageView[]> {
  const about = (await letters(desk)).filter(
    ({ record }) => record.circle === circle && record.subject && listingOf(record.subject) === listing
  );
  return (await viewsOf(desk, about)).reverse();
}

async function letters(desk: Desk): Promise<Letter[]> {
  const [mine, delivered] = await Promise.all([desk.model.message.toArray(), desk.model.delivered.toArray()]);
  const received = delivered.flatMap(({ record: { from, record } }): Letter[] => {
    const parsed = parseRecord(record);
    return parsed.ok && parsed.record.kind === 'message' ? [{ from, record: parsed.record }] : [];
  });
  return [...mine.map((row) => ({ from: row.author, record: row.record })), ...received];
}

async function viewsOf(desk: Desk, all: Letter[]): Promise<MessageView[]> {
  const me = desk.me().id;
  const byCircle = Map.groupBy(all, ({ record }) => record.circle);
  const views: MessageView[] = [];
  for (const [circle, some] of byCircle) {
    const abouts = some.map(({ record }) => (record.subject && listingOf(record.subject)) || undefined);
    const [names, listings] = await Promise.all([
      namesOf(
        desk,
        circle,
        some.map(({ from }) => from)
      ),
      desk.model.listing.bulkGet(abouts.map((listing) => [circle, listing ?? '']))
    ]);
    some.forEach(({ from, record: { _id: id, to, text, createdAt } }, index) => {
      const about = { listing: abouts[index], title: listings[index]?.record.title };
      views.push({ id, from, fromName: names(from), to, text, circle, ...about, createdAt, mine: from === me });
    });
  }
  return views.sort((a, b) => (a.createdAt > b.createdAt ? -1 : 1));
}
