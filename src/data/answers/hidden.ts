import { parseRecordId } from '#domain/id.ts';
import { listingOf } from '../project.ts';
import type { HiddenView } from '../queries/hidden.ts';
import { allOf } from '../read-model.ts';
import { namesOf, type Desk } from './desk.ts';

/** What stewards took out of sight in a circle and has not come back, newest first. */
export async function hiddenThings(desk: Desk, circle: string): Promise<HiddenView[]> {
  const { model } = desk;
  const rows = await allOf(model.hide, circle).toArray();
  const standing = rows.filter((row) => row.record.status !== 'withdrawn');
  standing.sort((a, b) => (a.record.updatedAt > b.record.updatedAt ? -1 : 1));
  const names = await namesOf(
    desk,
    circle,
    standing.map((row) => row.author)
  );
  return Promise.all(
    standing.map(async ({ id, subject, author, record }) => {
      const comment =
        parseRecordId(subject)?.kind === 'comment' ? await model.comment.get([circle, subject]) : undefined;
      const listing = listingOf(subject) ?? comment?.subject ?? '';
      const title = comment?.record.text ?? (await model.listing.get([circle, listing]))?.record.title ?? '';
      return { id, listing, title, reason: record.reason, by: author, byName: names(author) };
    })
  );
}
