import { hubAuthor, parseRecordId, type RecordId } from '#domain/id.ts';
import type { Allotment } from '#domain/allotment/allotment.ts';
import type { Couch } from './couch.ts';
import type { Database } from './couch-database.ts';
import { historyOf } from './gate/rows.ts';
import type { HubKey } from './hub-key.ts';
import { noteReturned } from './notary/returned.ts';
import type { Serial } from './serial.ts';

/** A record of the hub's as a device has it. */
export type Signed = { _id: string; _rev?: string | undefined; [field: string]: unknown };

export type Taken = {
  /** A row for each record, in no order. */
  rows: TakenRow[];
  /** Claims that the hub had answered in an allotment which is now over: they are to be answered once more. */
  again: RecordId[];
};

export type TakenRow = { id: string; ok: true; rev: string } | { id: string; error: string; reason: string };

type Standing = { _id: string; _rev: string; counter?: number; _conflicts?: string[]; places?: { claim: RecordId }[] };
type Candidate = { record: Signed & { _rev: string }; before: Standing | null };

export type TakeBack = ReturnType<typeof createTakeBack>;

/**
 * After a restore devices hand back the hub's own newer records. The signature proves that this hub wrote them for this database, the
 * counter that they are newer than what it has, so that nobody can bring an older state back. Answers a row for each.
 *
 * What a device has may also be a branch beside the hub's own, where it comes back late and the hub has decided anew meanwhile. Of the two
 * one is ended by a tombstone, which travels to all devices, so that nobody goes on seeing the other.
 */
export function createTakeBack({ couch, key, serial }: { couch: Couch; key: HubKey; serial: Serial }) {
  return (name: string, records: readonly Signed[]): Promise<Taken> =>
    serial(`returned ${name}`, async () => {
      const database = couch.database(name);
      const before = await readStanding(database, records.map(({ _id }) => _id).filter(isHubId));
      const rows: TakenRow[] = [];
      const newer: Candidate[] = [];
      const older: Candidate[] = [];
      const counted = records.toSorted((a, b) => counterOf(b) - counterOf(a));
      for (const given of counted) {
        const id = given._id;
        const history = historyIfOurs(given, name, key);
        if (typeof history === 'string') {
          rows.push(refused(id, history));
          continue;
        }
        const candidate = { record: { ...given, _rev: history[0]! }, before: before.get(id) ?? null };
        // Of several states of one record in a request the newest counts.
        const known = Math.max(
          counterOf(candidate.before),
          ...newer.map(({ record }) => (record._id === id ? counterOf(record) : 0))
        );
        if (counterOf(given) > known) newer.push(candidate);
        else {
          rows.push(refused(id, 'counter: The hub has this or a newer one.'));
          older.push(candidate);
        }
      }
      const again = newer.flatMap(({ before }) => before?.places ?? []).map(({ claim }) => claim);
      if (newer.length > 0) rows.push(...(await takeNewer(database, newer, again)));
      await endBranches(database, older);
      return { rows, again };
    });
}

const isHubId = (id: string): boolean => parseRecordId(id)?.author === hubAuthor;
const refused = (id: string, reason: string): TakenRow => ({ id, error: 'forbidden', reason });

const counterOf = (record: object | null): number => {
  const { counter } = (record ?? {}) as { counter?: unknown };
  return typeof counter === 'number' ? counter : 0;
};

/** Its revision and the ones before it, or why it is not taken. */
function historyIfOurs(record: Signed, name: string, key: HubKey): string[] | string {
  if (!isHubId(record._id)) return 'hub-only: Only records of the hub are taken back here.';
  if (!key.verify(record, name)) return 'signature: This hub did not sign it for this circle.';
  return historyOf(record);
}

async function readStanding(database: Database, ids: readonly string[]): Promise<Map<string, Standing>> {
  if (ids.length === 0) return new Map();
  const { rows } = await database.allDocs<Standing>({ keys: ids, includeDocs: true, conflicts: true });
  return new Map(rows.flatMap(({ doc }) => (doc ? [[doc._id, doc] as const] : [])));
}

async function takeNewer(
  database: Database,
  candidates: readonly Candidate[],
  again: readonly RecordId[]
): Promise<TakenRow[]> {
  const allotments = candidates
    .map(({ record }) => record)
    .filter(({ _id }) => parseRecordId(_id)?.kind === 'allotment');
  await noteReturned(database, allotments as unknown as Allotment[], again);
  const answers = await database.bulkDocs(
    candidates.map(({ record }) => record),
    { newEdits: false }
  );
  const failed = new Map(answers.flatMap((row) => (row.error ? [[row.id, row] as const] : [])));
  const after = await readStanding(
    database,
    candidates.map(({ record }) => record._id)
  );
  // What the hub wrote beside them since the restore is answered by them now.
  const beaten = candidates.flatMap(({ record }) => {
    const { _rev, _conflicts = [] } = after.get(record._id) ?? { _rev: record._rev };
    return [_rev, ..._conflicts].filter((rev) => rev !== record._rev).map((rev) => ({ _id: record._id, _rev: rev }));
  });
  await bury(database, beaten);
  return candidates.map(({ record: { _id: id, _rev: rev } }) => {
    const row = failed.get(id);
    return row ? { id, error: row.error!, reason: row.reason ?? '' } : { id, ok: true, rev };
  });
}

/** Ends the branches that the hub does not know; one that it knows is an older state of its own record and ends by itself. */
async function endBranches(database: Database, candidates: readonly Candidate[]): Promise<void> {
  const open = candidates.filter(({ record, before }) => before && before._rev !== record._rev);
  if (open.length === 0) return;
  const body = Object.fromEntries(open.map(({ record }) => [record._id, [record._rev]]));
  const response = await database.request('POST', '_revs_diff', { body });
  const missing = (await response.json()) as Record<string, { missing?: string[] }>;
  const branches = open.filter(({ record }) => missing[record._id]?.missing?.includes(record._rev));
  if (branches.length === 0) return;
  await database.bulkDocs(
    branches.map(({ record }) => record),
    { newEdits: false }
  );
  await bury(
    database,
    branches.map(({ record: { _id, _rev } }) => ({ _id, _rev }))
  );
}

async function bury(database: Database, leaves: readonly { _id: string; _rev: string }[]): Promise<void> {
  if (leaves.length > 0) await database.bulkDocs(leaves.map((leaf) => ({ ...leaf, _deleted: true })));
}
