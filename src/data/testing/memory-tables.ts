import { AsyncLocalStorage } from 'node:async_hooks';
import { tables as readModelTables, type ReadModel } from '../read-model.ts';
import { storeTables, type DeviceStore } from '../device-store.ts';

type Key = string | number | Key[];
type Row = Record<string, unknown>;
type Entry = { key: Key; row: Row };
type Transaction = { connection: object; undo: (() => void)[] };

/** What tables keep; it outlives the connections opened on it. One transaction at a time, as IndexedDB has it for writers. */
export type TablesDisk = {
  tables: Map<string, Map<string, Entry>>;
  holder: Transaction | null;
  waiting: { connection: object; go(): void }[];
};

export const createTablesDisk = (): TablesDisk => ({ tables: new Map(), holder: null, waiting: [] });

/** A connection that dies takes what it had not committed with it; whatever it is asked afterwards is never answered. */
export type Connection = { kill(): void };

const current = new AsyncLocalStorage<Transaction>();

/** How long one piece of work takes; nothing else happens in it, but much may in between. */
export type Pace = () => Promise<void> | undefined;

/** The read model on tables in memory: what projection and projector use of Dexie, and no more. */
export const openMemoryModel = (disk: TablesDisk, pace?: Pace): ReadModel & Connection =>
  openTables(disk, { ...readModelTables, projected: 'circle' }, pace) as never;

/** The same for what lives beside the read model. */
export const openMemoryStore = (disk: TablesDisk, pace?: Pace): DeviceStore & Connection =>
  openTables(disk, storeTables, pace) as never;

function openTables(disk: TablesDisk, schema: Record<string, string>, pace: Pace = () => undefined) {
  const connection = {};
  let isDead = false;

  function next(): void {
    if (!disk.holder) disk.waiting.shift()?.go();
  }

  function release(): void {
    disk.holder = null;
    next();
  }

  const turn = () => new Promise<void>((go) => void disk.waiting.push({ connection, go }));
  const never = () => new Promise<never>(() => undefined);

  /** One piece of work, in the transaction it belongs to or in one of its own. */
  async function inTurn<T>(work: (undo: (step: () => void) => void) => T): Promise<T> {
    const open = current.getStore();
    if (open?.connection === connection) {
      await pace();
      if (isDead) return never();
      return work((step) => open.undo.push(step));
    }
    await pace();
    while (disk.holder) await turn();
    if (isDead) return (next(), never());
    const value = work(() => undefined);
    next();
    return value;
  }

  async function transaction<T>(...args: unknown[]): Promise<T> {
    const work = args.at(-1) as () => Promise<T>;
    if (current.getStore()?.connection === connection) return work();
    while (disk.holder) await turn();
    if (isDead) return (next(), never());
    const mine: Transaction = { connection, undo: [] };
    disk.holder = mine;
    try {
      const value = await current.run(mine, work);
      if (isDead) return await never();
      release();
      return value;
    } catch (error) {
      if (isDead) return await never();
      rollBack(mine);
      release();
      throw error;
    }
  }

  const opened = new Map(Object.entries(schema).map(([name, keys]) => [name, openTable(disk, name, keys, inTurn)]));
  return {
    ...Object.fromEntries(opened),
    tables: [...opened.values()],
    table: (name: string) => opened.get(name),
    transaction,
    open: async () => undefined,
    close: () => undefined,
    kill(): void {
      isDead = true;
      disk.waiting = disk.waiting.filter((waiter) => waiter.connection !== connection);
      if (disk.holder?.connection !== connection) return;
      rollBack(disk.holder);
      release();
    }
  };
}

function rollBack({ undo }: Transaction): void {
  for (const step of undo.toReversed()) step();
}

type InTurn = <T>(work: (undo: (step: () => void) => void) => T) => Promise<T>;

function openTable(disk: TablesDisk, name: string, schema: string, inTurn: InTurn) {
  const primary = schema.split(',')[0]!.trim();
  const entries = disk.tables.get(name) ?? new Map<string, Entry>();
  disk.tables.set(name, entries);

  function set(text: string, entry: Entry | undefined, undo: (step: () => void) => void): void {
    const before = entries.get(text);
    if (entry) entries.set(text, entry);
    else entries.delete(text);
    undo(() => void (before ? entries.set(text, before) : entries.delete(text)));
  }

  function putRow(row: Row, undo: (step: () => void) => void): void {
    const key = keyIn(row, primary)!;
    set(JSON.stringify(key), { key, row }, undo);
  }

  const found = (pick: () => Entry[], path: string = primary) =>
    collection(pick, path, inTurn, (key, undo) => set(JSON.stringify(key), undefined, undo));
  const all = () => [...entries.values()].sort((a, b) => compare(a.key, b.key));
  const get = (key: Key) => entries.get(JSON.stringify(key))?.row;

  return {
    name,
    get: (key: Key) => inTurn(() => get(key)),
    bulkGet: (keys: Key[]) => inTurn(() => keys.map(get)),
    put: (row: Row) => inTurn((undo) => putRow(row, undo)),
    bulkPut: (rows: Row[]) => inTurn((undo) => rows.forEach((row) => putRow(row, undo))),
    update: (key: Key, change: Row) =>
      inTurn((undo) => {
        const row = get(key);
        if (row) putRow({ ...row, ...change }, undo);
        return row ? 1 : 0;
      }),
    delete: (key: Key) => inTurn((undo) => set(JSON.stringify(key), undefined, undo)),
    bulkDelete: (keys: Key[]) => inTurn((undo) => keys.forEach((key) => set(JSON.stringify(key), undefined, undo))),
    clear: () => inTurn((undo) => [...entries.keys()].forEach((text) => set(text, undefined, undo))),
    count: () => inTurn(() => entries.size),
    toArray: () => inTurn(() => all().map(({ row }) => row)),
    where(index: string) {
      const path = index === ':id' ? primary : index;
      const where = (fits: (key: Key) => boolean) =>
        found(
          () =>
            [...entries.values()]
              .flatMap((entry) => {
                const key = keyIn(entry.row, path);
                return key !== undefined && fits(key) ? [{ entry, key }] : [];
              })
              .sort((a, b) => compare(a.key, b.key) || compare(a.entry.key, b.entry.key))
              .map(({ entry }) => entry),
          path
        );
      return {
        equals: (value: Key) => where((key) => compare(key, value) === 0),
        anyOf(values: Key[]) {
          const wanted = new Set(values.map((value) => JSON.stringify(value)));
          return where((key) => wanted.has(JSON.stringify(key)));
        },
        between: (low: Key, high: Key) => where((key) => compare(key, low) >= 0 && compare(key, high) < 0)
      };
    }
  };
}

function collection(
  pick: () => Entry[],
  path: string,
  inTurn: InTurn,
  remove: (key: Key, undo: (step: () => void) => void) => void
) {
  const over = (next: () => Entry[]) => collection(next, path, inTurn, remove);
  return {
    reverse: () => over(() => pick().reverse()),
    limit: (most: number) => over(() => pick().slice(0, most)),
    until: (ended: () => boolean) => ({
      eachKey: (look: (key: Key, cursor: { primaryKey: Key }) => void) =>
        inTurn(() => {
          for (const { row, key } of pick()) {
            if (ended()) return;
            look(keyIn(row, path)!, { primaryKey: key });
          }
        })
    }),
    eachKey: (look: (key: Key, cursor: { primaryKey: Key }) => void) =>
      inTurn(() => pick().forEach(({ row, key }) => look(keyIn(row, path)!, { primaryKey: key }))),
    count: () => inTurn(() => pick().length),
    toArray: () => inTurn(() => pick().map(({ row }) => row)),
    primaryKeys: () => inTurn(() => pick().map(({ key }) => key)),
    delete: () => inTurn((undo) => pick().forEach(({ key }) => remove(key, undo)))
  };
}

/** `a` names one field, `[a+b]` several; a row that lacks one is not in the index. */
function keyIn(row: Row, path: string): Key | undefined {
  if (!path.startsWith('[')) return row[path] as Key | undefined;
  const parts = path
    .slice(1, -1)
    .split('+')
    .map((field) => row[field] as Key | undefined);
  return parts.includes(undefined) ? undefined : (parts as Key[]);
}

const rank = (key: Key) => (typeof key === 'number' ? 0 : typeof key === 'string' ? 1 : 2);

/** IndexedDB's order: numbers, text, lists. */
function compare(a: Key, b: Key): number {
  if (rank(a) !== rank(b)) return rank(a) - rank(b);
  if (!Array.isArray(a) || !Array.isArray(b)) return a < b ? -1 : a > b ? 1 : 0;
  for (const [index, part] of a.entries()) {
    if (index >= b.length) return 1;
    const order = compare(part, b[index]!);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}
