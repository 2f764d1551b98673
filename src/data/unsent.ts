import { photoId } from '#domain/photo/photo.ts';
import type { DeviceStore } from './device-store.ts';

export type UnsentRow = { circle: string; id: string; at: number };

/** What the hub has not got of mine. A picture and the record that tells of it wait as one: people posted one thing. */
export async function unsentRows(store: DeviceStore, me: string): Promise<UnsentRow[]> {
  const rows: UnsentRow[] = await store.unsent.toArray();
  const known = new Set(rows.map(({ circle, id }) => `${circle} ${id}`));
  // By keys alone: the pictures themselves are not read to be counted.
  const pictures = store.pictures.where('[waits+usedAt]').between([1, 0], [1, Infinity]);
  await pictures.eachKey((key, { primaryKey: [circle, hash] }) => {
    const id = photoId(me, hash);
    if (!known.has(`${circle} ${id}`)) rows.push({ circle, id, at: (key as unknown as [number, number])[1] });
  });
  return rows;
}
