import { Dexie, type DexieOptions, type Table } from 'dexie';
import type { Fault } from './projector.ts';

/** A record of mine that the hub has not acknowledged; `rev` is empty while the log is being written. */
export type Unsent = { circle: string; id: string; rev: string; at: number };

/** A revision the hub refused for good; `record` keeps every word of it. */
export type Refused = {
  circle: string;
  id: string;
  code: string;
  reason: string;
  field?: string;
  record: Record<string, unknown>;
  at: number;
};

/** A picture's bytes; `waits` is 1 until the hub has it. The circle stands in the key: members only may fetch it. */
export type Picture = {
  circle: string;
  hash: string;
  size: 320 | 0;
  blob: Blob;
  bytes: number;
  usedAt: number;
  waits: 0 | 1;
};

/** How far a circle was followed: `since` is the hub's sequence, null before joining; `handedBack` the log's own. */
export type Feed = {
  circle: string;
  since: string | null;
  joining?: { noted: string; after: string | null; done: number; total: number };
  handedBack?: number | string;
  checkpoint?: 'set';
  /** The hub's era in which it was followed last; in another one what the hub lost is handed back first. */
  era?: string;
};

/** Whether anything of it has come to this device yet. */
export const hasBegun = (feed: Feed | undefined): boolean =>
  !!feed && (feed.since !== null || feed.joining !== undefined);

/** A fault in the hub's answers that this device saw (design §4), kept until it was read. */
export type Finding = { circle: string; id: string; code: Fault['code']; at: number };

export type Setting = { key: string; value: unknown };
export type Draft = { key: string; value: unknown; at: number };

/** What lives beside the read model and is not derived from the logs: dropping the read model leaves it alone. */
export type DeviceStore = Dexie & {
  unsent: Table<Unsent, [string, string]>;
  refused: Table<Refused, [string, string]>;
  pictures: Table<Picture, [string, string, number]>;
  feeds: Table<Feed, string>;
  findings: Table<Finding, [string, string]>;
  drafts: Table<Draft, string>;
  settings: Table<Setting, string>;
};

const firstTables = {
  unsent: '[circle+id], circle',
  refused: '[circle+id], circle',
  pictures: '[circle+hash+size], waits, [waits+usedAt]',
  feeds: 'circle',
  drafts: 'key',
  settings: 'key'
};
const laterTables = { findings: '[circle+id]' };
/** What a picture weighs is asked without reading it. */
const weighedTables = { pictures: '[circle+hash+size], waits, [waits+usedAt+bytes]' };

/** Every table as it stands now; the first index is the primary key. */
export const storeTables: Record<string, string> = { ...firstTables, ...laterTables, ...weighedTables };

export function openDeviceStore(name: string, options: DexieOptions = {}): DeviceStore {
  const store = new Dexie(name, { cache: 'disabled', ...options }) as DeviceStore;
  store.version(1).stores(firstTables);
  store.version(2).stores(laterTables);
  store.version(3).stores(weighedTables);
  return store;
}
