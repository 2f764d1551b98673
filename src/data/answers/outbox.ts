import { parseRecordId } from '#domain/id.ts';
import { listingOf } from '../project.ts';
import type { Outbox } from '../queries/outbox.ts';
import type { OutboxItem } from '#domain/views.ts';
import { unsentThings, type UnsentThing } from '../unsent.ts';
import type { Desk } from './desk.ts';

/** What still waits on this device, oldest first; what the hub refused, with why; what of its answers does not add up. */
export async function outbox(desk: Desk): Promise<Outbox> {
  const { store } = desk;
  const [unsent, refused, findings] = await Promise.all([
    unsentThings(store, desk.model, desk.me().id),
    store.refused.toArray(),
    store.findings.toArray()
  ]);
  const waiting = await Promise.all(unsent.map((row) => itemOf(desk, row)));
  const turnedDown = await Promise.all(
    refused.map(async (row) => ({
      ...(await itemOf(desk, row)),
      code: row.code,
      field: row.field,
      text: textOf(row.record)
    }))
  );
  const doubted = await Promise.all(
    findings.map(async (row) => ({ ...(await itemOf(desk, row)), code: row.code, listing: listingOf(row.id) ?? '' }))
  );
  return { waiting: waiting.sort(byTime), refused: turnedDown.sort(byTime), doubted: doubted.sort(byTime) };
}

async function itemOf(desk: Desk, { circle, id, at, of, pictures }: UnsentThing): Promise<OutboxItem> {
  const listing = await desk.model.listing.get([circle, of ?? listingOf(id) ?? id]);
  const kind = parseRecordId(id)?.kind ?? '';
  return { circle, id, kind, title: listing?.record.title ?? '', at: new Date(at).toISOString(), pictures };
}

/** The words somebody typed into a record, whichever of its fields has them. */
function textOf(record: Record<string, unknown>): string {
  return [record.title, record.text, record.note, record.reason, record.name]
    .filter((words) => typeof words === 'string' && words !== '')
    .join('\n');
}

function byTime(a: OutboxItem, b: OutboxItem): number {
  return a.at < b.at ? -1 : 1;
}
