import type { Log } from '#data/log.ts';
import { catchUp } from '#data/projector.ts';
import { kindTables } from '#data/read-model.ts';
import { docOf, type Documents } from '#data/testing/documents.ts';
import { createMemoryLog } from '#data/testing/memory-log.ts';
import { createTablesDisk, openMemoryModel } from '#data/testing/memory-tables.ts';

/** What stands in the tables, by kind and id. */
export type Rows = Map<string, string>;

/** Every row that the shipped projection makes of a log. */
export async function rowsOf(log: Log, circle: string): Promise<Rows> {
  const model = openMemoryModel(createTablesDisk());
  await catchUp(model, log, circle);
  const rows: Rows = new Map();
  for (const kind of kindTables)
    for (const row of (await model.table(kind).toArray()) as { id: string }[])
      rows.set(`${kind} ${row.id}`, canonical(row));
  return rows;
}

/** A log that has a database's documents whole. */
export function logWith(documents: Documents): Log {
  const log = createMemoryLog();
  const all = [...documents.trees.values()].flatMap((tree) =>
    [...tree.leaves].map((leaf) => docOf(tree, leaf, { revs: true }))
  );
  void log.take(all);
  return log;
}

export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part
  );
}

/** Tells how what was found is not what was wanted. */
export function differ(wanted: Rows, found: Rows, tell: (text: string) => void, apart: Set<string> = new Set()): void {
  const idOf = (key: string) => key.slice(key.indexOf(' ') + 1);
  for (const [key, row] of wanted) {
    if (apart.has(idOf(key))) continue;
    if (!found.has(key)) tell(`has ${key}, which is missing here`);
    else if (found.get(key) !== row) tell(`has another ${key}: ${row} instead of ${found.get(key)}`);
  }
  for (const key of found.keys()) if (!wanted.has(key) && !apart.has(idOf(key))) tell(`has no ${key}`);
}
