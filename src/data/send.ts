import type { DeviceStore, Refused, Unsent } from './device-store.ts';
import type { Log, LogSeq, Stored } from './log.ts';
import type { RefusedRow, Remote } from './remote.ts';

// PouchDB's own batch when pushing, which the gate always lets through in one request (design §5).
const batch = 100;
// A write notes its record before the log has it, and once more after; a note this old with no revision was left by a
// crash. Taken for one by mistake it does no harm: the write's second note is still to come.
const abandonedMs = 5_000;

/** `abandoned`: notes that a crash had left, of which none waits any more as it did. */
export type Outcome = { sent: number; refused: Refused[]; abandoned: number };

/** Sends what waits in this circle until nothing does; refused rows go to the device's table with all their text. */
export async function sendUnsent(
  log: Log,
  remote: Remote,
  store: DeviceStore,
  circle: string,
  now: () => number
): Promise<Outcome> {
  const outcome: Outcome = { sent: 0, refused: [], abandoned: 0 };
  const readWaiting = () => store.unsent.where('circle').equals(circle).toArray();
  let waiting = await readWaiting();
  outcome.abandoned = await settleAbandoned(log, store, waiting, now());
  if (outcome.abandoned > 0) waiting = await readWaiting();
  const tried = new Set<string>();
  for (; ; waiting = await readWaiting()) {
    const rows = waiting.filter((row) => row.rev !== '' && !tried.has(`${row.id} ${row.rev}`));
    if (rows.length === 0) return outcome;
    const some = rows.slice(0, batch);
    for (const row of some) tried.add(`${row.id} ${row.rev}`);
    const leaves = await log.leaves(some.map((row) => row.id));
    const refused = await remote.bulkDocs(leaves);
    await settle(store, circle, some, leaves, refused, now(), outcome);
  }
}

/**
 * The safety net under `unsent`, and what a device does first after a restore (`era`): everything of its author's that
 * changed in the log since `since` is offered again; the hub says what it lacks. Nobody else's records could be taken
 * (R1), so nobody else's are offered. Resolves with the place to go on from next time; conflicts that a crash left
 * unmerged (R10) are found here too.
 */
export async function handBack(
  log: Log,
  remote: Remote,
  author: string,
  since: LogSeq,
  found: { lacking(ids: string[]): Promise<void>; conflicted(ids: string[]): Promise<void> }
): Promise<LogSeq> {
  for (let from = since; ;) {
    const { changes, last } = await log.changes(from, 500);
    const mine = changes.filter((change) => change.id.startsWith(`${author}:`));
    if (mine.length) {
      const lacks = await remote.revsDiff(Object.fromEntries(mine.map(({ id, revs }) => [id, revs])));
      const ids = Object.keys(lacks).filter((id) => lacks[id]!.length);
      if (ids.length) await found.lacking(ids);
      const branched = mine.filter(({ doc }) => doc._conflicts?.length).map(({ id }) => id);
      if (branched.length) await found.conflicted(branched);
    }
    if (changes.length === 0) return last;
    from = last;
  }
}

async function settle(
  store: DeviceStore,
  circle: string,
  rows: Unsent[],
  leaves: Stored[],
  refusedRows: RefusedRow[],
  at: number,
  outcome: Outcome
): Promise<void> {
  const why = new Map(refusedRows.map((row) => [row.id, row]));
  const sent = new Set(leaves.map((leaf) => `${leaf._id} ${leaf._rev}`));
  const recordOf = new Map(leaves.map((leaf) => [`${leaf._id} ${leaf._rev}`, leaf]));
  await store.transaction('rw', store.unsent, store.refused, async () => {
    for (const row of rows) {
      const key = `${row.id} ${row.rev}`;
      const now = await store.unsent.get([circle, row.id]);
      // Written again meanwhile: that revision waits for its own turn. One no longer a leaf was merged away.
      if (now?.rev === row.rev) await store.unsent.delete([circle, row.id]);
      const refusal = why.get(row.id);
      const record = recordOf.get(key);
      if (refusal && record && !record._deleted) {
        const kept = refusedOf(circle, refusal, record, at);
        await store.refused.put(kept);
        outcome.refused.push(kept);
      } else if (!refusal) {
        await store.refused.delete([circle, row.id]);
        if (sent.has(key)) outcome.sent++;
      }
    }
  });
}

/** The gate's reason is `<code>: <sentence>`. */
function refusedOf(circle: string, row: RefusedRow, record: Stored, at: number): Refused {
  const colon = row.reason.indexOf(': ');
  const { _revisions, ...fields } = record;
  void _revisions;
  return {
    circle,
    id: row.id,
    code: colon > 0 ? row.reason.slice(0, colon) : row.error,
    reason: colon > 0 ? row.reason.slice(colon + 2) : row.reason,
    record: fields,
    at
  };
}

/** Whether there was anything that a crash had left. */
async function settleAbandoned(log: Log, store: DeviceStore, waiting: Unsent[], now: number): Promise<number> {
  const abandoned = waiting.filter((row) => row.rev === '' && now - row.at >= abandonedMs);
  for (const row of abandoned) {
    const [leaf] = await log.leaves([row.id]);
    if (leaf) await store.unsent.put({ ...row, rev: leaf._rev });
    else await store.unsent.delete([row.circle, row.id]);
  }
  return abandoned.length;
}
