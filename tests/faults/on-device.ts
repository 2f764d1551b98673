import type { Page } from '@playwright/test';

export type Rows = Record<string, Record<string, unknown>[]>;
/** A document as PouchDB's adapter `idb` keeps it: winning revision, and all leaves out of the tree of revisions. */
export type LogDocument = { id: string; rev: string; deleted: boolean; openLeaves: number };
export type OnDevice = {
  databases: string[];
  /** Tables of the read model; the places up to where logs are projected are not rows. */
  readModel: Rows;
  store: Rows;
  /** By circle (or `me`). */
  logs: Record<string, LogDocument[]>;
};

/** Everything that lies in this browser, read behind the app's back; nothing is opened for it that was not there. */
export async function onDevice(page: Page): Promise<OnDevice> {
  const raw = await page.evaluate(async () => {
    const databases = (await indexedDB.databases()).map(({ name }) => name!);
    const open = (name: string) =>
      new Promise<IDBDatabase>((done, fail) => {
        const request = indexedDB.open(name);
        request.onsuccess = () => done(request.result);
        request.onerror = () => fail(request.error);
      });
    const all = (database: IDBDatabase, table: string) =>
      new Promise<Record<string, unknown>[]>((done, fail) => {
        const rows = database.transaction(table).objectStore(table);
        // Pictures by their keys alone: one that was read keeps its place on the disk for a while.
        const request = table === 'pictures' ? rows.getAllKeys() : rows.getAll();
        request.onsuccess = () =>
          done(request.result.map((row) => (table === 'pictures' ? { key: row as unknown } : row)));
        request.onerror = () => fail(request.error);
      });
    const dumps: Record<string, Record<string, Record<string, unknown>[]>> = {};
    for (const name of databases.filter((one) => /jujube:/.test(one) && !/_pouch_.*-mrview/.test(one))) {
      const database = await open(name);
      dumps[name] = {};
      for (const table of database.objectStoreNames) {
        if (name.startsWith('_pouch_') && table !== 'document-store') continue;
        dumps[name][table] = await all(database, table);
      }
      database.close();
    }
    return { databases, dumps };
  });
  const found: OnDevice = { databases: raw.databases, readModel: {}, store: {}, logs: {} };
  for (const [name, tables] of Object.entries(raw.dumps)) {
    const log = /:log:(.*)$/.exec(name)?.[1];
    if (log) found.logs[log] = (tables['document-store'] ?? []).map(documentOf);
    else if (name.endsWith(':read')) found.readModel = withoutPlaces(tables);
    else if (name.endsWith(':device')) found.store = tables;
  }
  return found;
}

function withoutPlaces({ projected, ...tables }: Rows): Rows {
  void projected;
  return tables;
}

type Node = [id: string, mark: { deleted?: boolean }, children: Node[]];

function documentOf(row: Record<string, unknown>): LogDocument {
  const { rev_tree } = JSON.parse(row['data'] as string) as { rev_tree: { ids: Node }[] };
  const open = ([, { deleted }, children]: Node): number =>
    children.length === 0 ? Number(!deleted) : children.reduce((sum, child) => sum + open(child), 0);
  return {
    id: row['id'] as string,
    rev: row['winningRev'] as string,
    deleted: row['deletedOrLocal'] === '1',
    openLeaves: rev_tree.reduce((sum, { ids }) => sum + open(ids), 0)
  };
}
