import { isCircleId, parseRecordId } from '#domain/id.ts';
import { Refusal, type Tools } from './tools.ts';

type Leaves = { _rev: string; _conflicts?: string[] };

/**
 * R4: leaves a tombstone without fields in place of a record and of all its branches. Members' devices follow when they next sync; what
 * is in backups stays there.
 */
export async function remove(
  { couch }: Tools,
  [record = '']: string[],
  { circle }: { circle?: string }
): Promise<string> {
  if (!parseRecordId(record)) throw new Refusal(`${record} is no record. A record’s id is in the address of its page.`);
  if (!circle || !isCircleId(circle))
    throw new Refusal('Of which circle? Add --circle <id>; "invite" alone lists them.');
  const name = `c-${circle}`;
  if (!(await couch.list()).includes(name)) throw new Refusal(`There is no circle ${circle}.`);
  const database = couch.database(name);
  const response = await database.request('GET', [record], { query: { conflicts: 'true' } });
  if (response.status === 404) throw new Refusal(`There is no record ${record} in this circle.`);
  const { _rev, _conflicts = [] } = (await response.json()) as Leaves;
  await database.bulkDocs([_rev, ..._conflicts].map((rev) => ({ _id: record, _rev: rev, _deleted: true })));
  return `${record} is removed. Devices follow when they next sync; backups made before keep it.`;
}
