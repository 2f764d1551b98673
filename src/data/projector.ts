import type { Table } from 'dexie';
import { allotmentFault } from '#domain/allotment/allotment-fault.ts';
import type { Log, LogChange, LogSeq } from './log.ts';
import { listingOf, listingRow, project, projectionVersion, type Projection, type Relations } from './project.ts';
import { allOf, kindTables, type ReadModel, type Row } from './read-model.ts';

/** An answer of the hub's that does not follow from its last one, or gives more than there is (design §4). */
export type Fault = { id: string; code: NonNullable<ReturnType<typeof allotmentFault>> };

/** What a catch-up brought: the listings whose rows may differ, documents with open conflicts, and the hub's faults. */
export type CaughtUp = { documents: number; listings: Set<string>; conflicted: Set<string>; faults: Fault[] };

type Committed = { touched: Set<string>; faults: Fault[] };

// One transaction's worth: long enough to amortise, short enough that a screen's query gets in between.
const batch = 500;

/**
 * Brings a circle's tables up to its log, from wherever an earlier tab, crash or version left them. The place is kept
 * with the rows in one transaction, so that it is never ahead of them; a tab that lost a race starts from the other's.
 */
export async function catchUp(model: ReadModel, log: Pick<Log, 'changes'>, circle: string): Promise<CaughtUp> {
  const caughtUp: CaughtUp = { documents: 0, listings: new Set(), conflicted: new Set(), faults: [] };
  for (;;) {
    const from = await placeOf(model, circle);
    const { changes, last } = await log.changes(from, batch);
    if (changes.length === 0) return caughtUp;
    const committed = await commit(model, circle, from, changes, last);
    if (committed === null) continue;
    caughtUp.documents += changes.length;
    caughtUp.faults.push(...committed.faults);
    for (const id of committed.touched) caughtUp.listings.add(id);
    for (const { id, doc } of changes) if (doc._conflicts?.length) caughtUp.conflicted.add(id);
    // Not full, so there was no more; what comes meanwhile is told by whoever writes it.
    if (changes.length < batch) return caughtUp;
  }
}

/** Takes a circle's rows out, so that the next catch-up replays its whole log. */
export async function dropCircle(model: ReadModel, circle: string): Promise<void> {
  await model.transaction('rw', model.tables, async () => {
    for (const kind of kindTables) await allOf(model.table(kind), circle).delete();
    await model.projected.delete(circle);
  });
}

async function placeOf(model: ReadModel, circle: string): Promise<LogSeq> {
  const place = await model.projected.get(circle);
  if (!place) return 0;
  if (place.version === projectionVersion) return place.seq;
  await dropCircle(model, circle);
  return 0;
}

/** The listings touched and the faults found, or null when another tab moved the place meanwhile: its rows may be newer than these. */
async function commit(
  model: ReadModel,
  circle: string,
  from: LogSeq,
  changes: LogChange[],
  last: LogSeq
): Promise<Committed | null> {
  const projections = changes.flatMap(({ doc }) => project(circle, doc) ?? []);
  const touched = new Set(projections.flatMap(({ id }) => listingOf(id) ?? []));
  return model.transaction('rw', model.tables, async () => {
    if (((await model.projected.get(circle))?.seq ?? 0) !== from) return null;
    const faults = await faultsIn(model, circle, projections);
    await putOthers(model, circle, projections);
    await putListings(model, circle, projections, touched);
    await model.projected.put({ circle, seq: last, version: projectionVersion });
    return { touched, faults };
  });
}

async function putOthers(model: ReadModel, circle: string, projections: Projection[]) {
  const byKind = Map.groupBy(projections, ({ kind }) => kind);
  for (const [kind, of] of byKind) {
    const rows = of.flatMap(({ row }) => row ?? []);
    const gone = of.filter(({ row }) => !row).map(({ id }): [string, string] => [circle, id]);
    const table = model.table(kind);
    if (gone.length) await table.bulkDelete(gone);
    if (rows.length && kind !== 'listing') await table.bulkPut(rows);
  }
}

/** Each new answer of the hub's held against the one it replaces; one seen for the first time, against itself. */
async function faultsIn(model: ReadModel, circle: string, projections: Projection[]): Promise<Fault[]> {
  const answers = projections.flatMap(({ row }) => (row?.record.kind === 'allotment' ? [row.record] : []));
  if (answers.length === 0) return [];
  const before = await model.allotment.bulkGet(answers.map(({ _id }) => [circle, _id]));
  return answers.flatMap((answer, index) => {
    const code = allotmentFault(before[index]?.record ?? null, answer);
    return code ? [{ id: answer._id, code }] : [];
  });
}

async function putListings(model: ReadModel, circle: string, projections: Projection[], touched: Set<string>) {
  const changed = new Map(
    projections.flatMap(({ id, row }) => (row?.record.kind === 'listing' ? [[id, row as Row<'listing'>] as const] : []))
  );
  const others = [...touched].filter((id) => !changed.has(id));
  const stored = await model.listing.bulkGet(others.map((id) => [circle, id]));
  const rows = [...changed.values(), ...stored.filter((row) => row !== undefined)];
  const about = await relationsOf(
    model,
    circle,
    rows.map(({ id }) => id)
  );
  await model.listing.bulkPut(rows.map((row) => listingRow(row, about(row.id))));
}

// A page of a circle that is joined lies close together in the order of ids: what was said about it is one range, with
// little beside it. Elsewhere, and of a few, it is looked up id by id.
const fewIds = 8;
const mostEach = 4;

async function answersTo<T>(
  table: Table<T, [string, string]>,
  index: string,
  circle: string,
  ids: string[]
): Promise<T[]> {
  if (ids.length > fewIds) {
    const [first, last] = [ids.reduce((a, b) => (a < b ? a : b)), ids.reduce((a, b) => (a > b ? a : b))];
    const around = table.where(index).between([circle, first], [circle, `${last}\uffff`]);
    // Whoever asks sorts them by listing, and leaves alone what is of no listing asked for.
    if ((await around.count()) <= ids.length * mostEach) return around.toArray();
  }
  return table
    .where(index)
    .anyOf(ids.map((id) => [circle, id]))
    .toArray();
}

/** What was said about these listings, looked up at once for all of them. */
export async function relationsOf(model: ReadModel, circle: string, ids: string[]): Promise<(id: string) => Relations> {
  const [allotments, claims, picks, handovers, hides] = await Promise.all([
    model.allotment.bulkGet(ids.map((id) => [circle, `hub:allotment:${id}`])),
    answersTo(model.claim, '[circle+listing]', circle, ids),
    answersTo(model.pick, '[circle+listing]', circle, ids),
    answersTo(model.handover, '[circle+listing]', circle, ids),
    answersTo(model.hide, '[circle+subject]', circle, ids)
  ]);
  const allotmentOf = new Map<string, Relations['allotment']>(
    allotments.flatMap((row) => (row ? [[row.record.subject, row.record]] : []))
  );
  const claimsOf = Map.groupBy(claims, (row) => row.listing);
  const picksOf = Map.groupBy(picks, (row) => row.listing);
  const handoversOf = Map.groupBy(handovers, (row) => row.listing);
  const hidesOf = Map.groupBy(hides, (row) => row.subject);
  return (id) => ({
    allotment: allotmentOf.get(id) ?? null,
    claims: (claimsOf.get(id) ?? []).map((row) => row.record),
    picks: (picksOf.get(id) ?? []).map((row) => row.record),
    handovers: (handoversOf.get(id) ?? []).map((row) => row.record),
    hides: (hidesOf.get(id) ?? []).map((row) => row.record)
  });
}
