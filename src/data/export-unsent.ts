import { parseRecordId } from '#domain/id.ts';
import { draftsAside } from './drafts.ts';
import { deviceStoreName, readModelName } from './names.ts';

type Row = Record<string, unknown>;

/**
 * Everything of this person's that the hub has not got (waiting, refused, drafts), as one JSON file. Read from the
 * databases themselves, since it is needed most when the worker that keeps them cannot write any more: the words of
 * what waits stand in the read model, which opens where a log on a full disk does not. A part that cannot be read is null.
 */
export async function exportUnsent(account: string): Promise<Blob> {
  const store = await open(deviceStoreName(account));
  const model = await open(readModelName(account));
  const unsent = await all(store, 'unsent');
  const whole = {
    account,
    exportedAt: new Date().toISOString(),
    waiting: unsent && (await Promise.all(unsent.map((row) => waiting(model, row)))),
    refused: await all(store, 'refused'),
    drafts: await all(store, 'drafts'),
    draftsAside: draftsAside()
  };
  store?.close();
  model?.close();
  return new Blob([JSON.stringify(whole, null, 2)], { type: 'application/json' });
}

async function waiting(model: IDBDatabase | null, { circle, id }: Row) {
  const kind = parseRecordId(String(id))?.kind ?? '';
  const row = await read<Row>(model, kind, (table) => table.get([String(circle), String(id)]));
  return { circle, id, record: row?.['record'] ?? null };
}

const all = (database: IDBDatabase | null, table: string) => read<Row[]>(database, table, (rows) => rows.getAll());

function open(name: string): Promise<IDBDatabase | null> {
  return new Promise((done) => {
    try {
      const opening = indexedDB.open(name);
      // Not there: opening must not make it anew.
      opening.onupgradeneeded = () => opening.transaction?.abort();
      opening.onerror = () => done(null);
      opening.onsuccess = () => done(opening.result);
    } catch {
      done(null);
    }
  });
}

function read<T>(
  database: IDBDatabase | null,
  table: string,
  ask: (rows: IDBObjectStore) => IDBRequest
): Promise<T | null> {
  return new Promise((done) => {
    if (!database?.objectStoreNames.contains(table)) return done(null);
    const asking = ask(database.transaction(table).objectStore(table));
    asking.onsuccess = () => done((asking.result as T | undefined) ?? null);
    asking.onerror = () => done(null);
  });
}
