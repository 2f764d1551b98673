import { parseRecordId } from '#domain/id.ts';
import { personId } from '#domain/person/person.ts';
import type { DeviceStore } from './device-store.ts';
import { writtenBy, type ReadModel } from './read-model.ts';

/** Of these photo records of mine, those that nothing of mine in the circle names any more, nor a draft on this device. */
export async function unshown(
  { model, store }: { model: ReadModel; store: DeviceStore },
  circle: string,
  me: string,
  ids: readonly string[]
): Promise<string[]> {
  const listings = await writtenBy(model.listing, circle, me).toArray();
  const person = await model.person.get([circle, personId(me)]);
  const drafts = await store.drafts.toArray();
  const named = new Set<unknown>([
    ...listings.flatMap(({ record }) => record.photos),
    person?.record.face,
    person?.record.payment,
    ...drafts.flatMap(({ value }) => (Array.isArray(value) ? value.map((photo) => photo.id) : []))
  ]);
  return ids.filter((id) => {
    const parts = parseRecordId(id);
    return parts?.kind === 'photo' && parts.author === me && !named.has(id);
  });
}
