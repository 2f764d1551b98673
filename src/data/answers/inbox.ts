import { authorOf } from '#domain/id.ts';
import type { Inbox } from '../queries/inbox.ts';
import type { NewsView } from '#domain/views.ts';
import { writtenBy } from '../read-model.ts';
import { namesOf, type Desk } from './desk.ts';
import { allMessages } from './messages.ts';

// More than anybody scrolls back; the things themselves have the rest.
const mostNews = 100;

type Bare = Omit<NewsView, 'circle' | 'circleName' | 'title' | 'personName'>;

/** Private words to and from me and what happened to my things, newest first. */
export async function inbox(desk: Desk): Promise<Inbox> {
  const news: NewsView[] = [];
  for (const { id: circle, name } of desk.me().circles) {
    const bare = await newsIn(desk, circle);
    const [names, listings] = await Promise.all([
      namesOf(
        desk,
        circle,
        bare.map((one) => one.person)
      ),
      desk.model.listing.bulkGet(bare.map((one) => [circle, one.listing]))
    ]);
    bare.forEach((one, index) => {
      const title = listings[index]?.record.title;
      if (title !== undefined) news.push({ ...one, circle, circleName: name, title, personName: names(one.person) });
    });
  }
  news.sort((a, b) => (a.at > b.at ? -1 : 1));
  return { messages: await allMessages(desk), news: news.slice(0, mostNews) };
}

/** Others' wishes and words about my things, and the hub's answers and ticks about my wishes. */
async function newsIn(desk: Desk, circle: string): Promise<Bare[]> {
  const me = desk.me().id;
  const { model } = desk;
  const [own, wishes] = await Promise.all([
    writtenBy(model.listing, circle, me).primaryKeys(),
    writtenBy(model.claim, circle, me).toArray()
  ]);
  const [claims, comments, allotments, handovers] = await Promise.all([
    model.claim.where('[circle+listing]').anyOf(own).toArray(),
    model.comment.where('[circle+subject]').anyOf(own).toArray(),
    model.allotment.bulkGet(wishes.map((row) => [circle, `hub:allotment:${row.listing}`])),
    model.handover
      .where('[circle+listing]')
      .anyOf(wishes.map((row) => [circle, row.listing]))
      .toArray()
  ]);
  const asked = claims
    .filter((row) => row.author !== me && row.record.status === 'standing')
    .map((row): Bare => ({ listing: row.listing, what: 'asked', person: row.author, at: row.record.createdAt }));
  const said = comments
    .filter((row) => row.author !== me)
    .map((row): Bare => ({ listing: row.subject, what: 'comment', person: row.author, at: row.record.createdAt }));
  const answered = allotments.flatMap((row, index): Bare[] => {
    const place = row?.record.places.filter((it) => it.claim === wishes[index]!.id).at(-1);
    if (!row || !place || place.why.code === 'withdrawn') return [];
    const listing = row.record.subject;
    return [{ listing, what: place.state, person: authorOf(listing), at: row.record.updatedAt }];
  });
  const handed = handovers
    .filter((row) => row.record.handedOverAt && wishes.some((wish) => wish.id === row.record.subject))
    .map((row): Bare => ({
      listing: row.listing,
      what: 'handed-over',
      person: row.author,
      at: row.record.handedOverAt!
    }));
  return [...asked, ...said, ...answered, ...handed];
}
