import { claimId } from '#domain/claim/claim.ts';
import { listingView } from '#domain/listing/listing-view.ts';
import { relationsOf } from '../projector.ts';
import type { CommentView, ListingDetail, PersonView, Sending } from '#domain/views.ts';
import { namesOf, photosOf, type Desk } from './desk.ts';
import { messagesAbout } from './messages.ts';
import { peopleOf } from './people.ts';

/** Everything about one listing; null when this device has none by that id. */
export async function listingDetail(desk: Desk, circle: string, id: string): Promise<ListingDetail | null> {
  const { model } = desk;
  const me = desk.me().id;
  const row = await model.listing.get([circle, id]);
  if (!row) return null;
  const [about, sending, claimSending, comments, messages, photos] = await Promise.all([
    relationsOf(model, circle, [id]),
    sendingOf(desk, circle, id),
    sendingOf(desk, circle, claimId(me, id)),
    commentsOf(desk, circle, id),
    messagesAbout(desk, circle, id),
    photosOf(desk, circle, row.record.photos)
  ]);
  const view = listingView({ listing: row.record, ...about(id), me, unsentClaim: claimSending.state === 'device' });
  return {
    view,
    circle,
    people: await peopleIn(desk, circle, [
      view.author,
      ...view.places.map((place) => place.person),
      ...comments.map((comment) => comment.author),
      ...messages.flatMap((message) => [message.from, ...message.to])
    ]),
    comments,
    photos: [...photos.values()],
    messages,
    sending,
    claimSending
  };
}

async function sendingOf({ store }: Desk, circle: string, id: string): Promise<Sending> {
  const [refused, unsent] = await Promise.all([store.refused.get([circle, id]), store.unsent.get([circle, id])]);
  return refused ? { state: 'refused', code: refused.code } : { state: unsent ? 'device' : 'sent' };
}

async function peopleIn(desk: Desk, circle: string, ids: string[]): Promise<Record<string, PersonView>> {
  const people = await peopleOf(desk, circle, [...new Set(ids)]);
  return Object.fromEntries(people.map((person) => [person.id, person]));
}

async function commentsOf(desk: Desk, circle: string, id: string): Promise<CommentView[]> {
  const rows = await desk.model.comment.where('[circle+subject]').equals([circle, id]).toArray();
  const keys = rows.map((row): [string, string] => [circle, row.id]);
  const hides = await desk.model.hide.where('[circle+subject]').anyOf(keys).toArray();
  const names = await namesOf(
    desk,
    circle,
    rows.map((row) => row.author)
  );
  const me = desk.me().id;
  return rows
    .map((row) => {
      const hide = hides.find((it) => it.subject === row.id && it.record.status !== 'withdrawn');
      return {
        id: row.id,
        author: row.author,
        authorName: names(row.author),
        text: row.record.text,
        createdAt: row.record.createdAt,
        mine: row.author === me,
        hidden: hide ? { by: hide.author, reason: hide.record.reason } : null
      };
    })
    .sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1));
}
