import { claimId } from '#domain/claim/claim.ts';
import { listingView } from '#domain/listing/listing-view.ts';
import { relationsOf } from '../projector.ts';
import type { CommentView, ListingDetail, PersonView, SendState } from '#domain/views.ts';
import { namesOf, photosOf, type Desk } from './desk.ts';
import { messagesAbout } from './messages.ts';
import { peopleOf } from './people.ts';

/** Everything about one listing; null when this device has none by that id. */
export async function listingDetail(desk: Desk, circle: string, id: string): Promise<ListingDetail | null> {
  const { model, store } = desk;
  const me = desk.me().id;
  const row = await model.listing.get([circle, id]);
  if (!row) return null;
  const claim = claimId(me, id);
  const [about, unsent, unsentClaim, refused, refusedClaim, comments, messages, photos] = await Promise.all([
    relationsOf(model, circle, [id]),
    store.unsent.get([circle, id]),
    store.unsent.get([circle, claim]),
    store.refused.get([circle, id]),
    store.refused.get([circle, claim]),
    commentsOf(desk, circle, id),
    messagesAbout(desk, circle, id),
    photosOf(desk, circle, row.record.photos)
  ]);
  const view = listingView({ listing: row.record, ...about(id), me, unsentClaim: Boolean(unsentClaim) });
  const sendState: SendState = (refused ?? refusedClaim) ? 'refused' : (unsent ?? unsentClaim) ? 'device' : 'sent';
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
    sendState,
    refusedReason: (refused ?? refusedClaim)?.code
  };
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
