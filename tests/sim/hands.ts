import type { Allotment } from '#domain/allotment/allotment.ts';
import type { Claim } from '#domain/claim/claim.ts';
import { authorOf, timeKey } from '#domain/id.ts';
import { DeviceError } from '#data/device-error.ts';
import type { Doc } from '#data/log.ts';
import type { Tab } from '#data/tab.ts';
import type { Device } from './device.ts';
import type { World } from './world.ts';

/** A row of the read model, as a page sees it. */
export type Row<T> = { id: string; author: string; record: T };
/** Somebody before one of her tabs, looking at a circle. */
export type At = { world: World; device: Device; tab: Tab; circle: string };

export const iso = (ms: number) => new Date(ms).toISOString();
export const authored = ({ device, tab }: At) => ({ author: device.person, now: iso(tab.engine.hubNow()) });
export const keyed = (world: World, device: Device, tab: Tab) => ({
  author: device.person,
  now: iso(tab.engine.hubNow()),
  key: timeKey(Math.round(tab.engine.hubNow()), world.chance.bytes)
});

export const mineStanding = (at: At) => (row: Row<Claim>) =>
  row.author === at.device.person && row.record.status === 'standing';

export function chosen<T>(
  { world, device, circle }: At,
  table: string,
  fits: (row: Row<T>) => boolean
): Row<T> | undefined {
  // The newest few: what people look at is what they meet over.
  const rows = device.rows<Row<T>>(table, circle).filter(fits).slice(-6);
  return rows.length > 0 ? world.chance.pick(rows) : undefined;
}

export function placeOnMine(at: At, state: string) {
  const mine = at.device
    .rows<Row<Allotment>>('allotment', at.circle)
    .filter(({ record }) => authorOf(record.subject) === at.device.person);
  const places = mine.flatMap(({ record }) => record.places.filter((place) => place.state === state)).slice(-6);
  return places.length > 0 ? at.world.chance.pick(places) : undefined;
}

export const save = (at: At, record: object) => write(at, record as Doc);

/** As a page does it: reads the record as it stands, writes it on that, and tries again where another tab was faster. */
export async function change<T>(at: At, id: string, to: (before: T) => T): Promise<boolean> {
  return renew<T>(at, id, (before) => (before ? to(before) : null));
}

export async function renew<T>(at: At, id: string, to: (before: T | null) => T | object | null): Promise<boolean> {
  for (let tries = 1; tries <= 3; tries++) {
    const before = await at.tab.engine.copyOf(at.circle).log.get(id);
    const { _conflicts, ...record } = before ?? { _conflicts: [] };
    void _conflicts;
    const after = to(before ? (record as T) : null);
    if (!after) return false;
    const updatedAt = iso(at.tab.engine.hubNow());
    if (await write(at, { ...after, _rev: before?._rev, updatedAt } as unknown as Doc)) return true;
  }
  return false;
}

/** False where another tab had written meanwhile; what the device itself refuses is no fault. */
export async function write(at: At, doc: Doc): Promise<boolean> {
  const { world, device, tab, circle } = at;
  try {
    await tab.engine.write(circle, JSON.parse(JSON.stringify(doc)) as Doc);
    world.saved(device, circle, doc._id);
    return true;
  } catch (error) {
    if (!(error instanceof DeviceError)) throw error;
    return error.code !== 'conflict';
  }
}
