import { parseRecordId } from '#domain/id.ts';
import { photoId } from '#domain/photo/photo.ts';
import type { DeviceStore } from './device-store.ts';
import { writtenBy, type ReadModel } from './read-model.ts';

export type UnsentRow = { circle: string; id: string; at: number };

/** `pictures` is how many go with it; where they alone wait, `of` is the listing that shows them. */
export type UnsentThing = UnsentRow & { pictures?: number; of?: string };

/** What the hub has not got of mine. A picture and the record that tells of it wait as one: people posted one thing. */
export async function unsentRows(store: DeviceStore, me: string): Promise<UnsentRow[]> {
  const rows: UnsentRow[] = await store.unsent.toArray();
  const known = new Set(rows.map(keyOf));
  // By keys alone: the pictures themselves are not read to be counted.
  const pictures = store.pictures.where('[waits+usedAt]').between([1, 0], [1, Infinity]);
  await pictures.eachKey((key, { primaryKey: [circle, hash] }) => {
    const row = { circle, id: photoId(me, hash), at: (key as unknown as [number, number])[1] };
    if (!known.has(keyOf(row))) rows.push(row);
  });
  return rows;
}

/** The same as people count it: the pictures of a listing of mine are a part of it, be its words sent already or not. */
export async function unsentThings(store: DeviceStore, model: ReadModel, me: string): Promise<UnsentThing[]> {
  const rows = await unsentRows(store, me);
  const pictures = rows.filter(isPicture);
  if (pictures.length === 0) return rows;
  const shownBy = await listingsByPicture(model, me, new Set(pictures.map(({ circle }) => circle)));
  const things = new Map<string, UnsentThing>(
    rows.filter((row) => !isPicture(row)).map((row) => [keyOf(row), { ...row }])
  );
  for (const picture of pictures) {
    const of = shownBy.get(keyOf(picture));
    if (of === undefined) {
      things.set(keyOf(picture), picture);
      continue;
    }
    const key = keyOf({ ...picture, id: of });
    const thing = things.get(key) ?? { ...picture, of };
    things.set(key, { ...thing, pictures: (thing.pictures ?? 0) + 1 });
  }
  return [...things.values()];
}

async function listingsByPicture(
  model: ReadModel,
  me: string,
  circles: Iterable<string>
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const circle of circles) {
    // A read model that cannot be read must not keep the sync line from saying so.
    const mine = await writtenBy(model.listing, circle, me)
      .toArray()
      .catch(() => []);
    for (const { id, record } of mine) for (const photo of record.photos) found.set(keyOf({ circle, id: photo }), id);
  }
  return found;
}

const keyOf = ({ circle, id }: Pick<UnsentRow, 'circle' | 'id'>) => `${circle} ${id}`;
const isPicture = ({ id }: UnsentRow) => parseRecordId(id)?.kind === 'photo';
