import type { Allotment } from '#domain/allotment/allotment.ts';
import { parseRecordId } from '#domain/id.ts';
import type { Doc } from '#data/log.ts';
import { docOf, winnerOf } from '#data/testing/documents.ts';
import type { World } from './world.ts';

/** The newest answers of the hub's that it has itself, or that a device has which will hand them back. */
export async function answersKept({ circles, couch, devices, present }: World): Promise<Map<string, Allotment>> {
  const kept = new Map<string, Allotment>();
  const keep = (database: string, record: Doc | null) => {
    if (parseRecordId(record?._id)?.kind !== 'allotment') return;
    const answer = record as unknown as Allotment & { counter: number };
    const key = `${database} ${answer.subject}`;
    if (answer.counter > ((kept.get(key) as typeof answer | undefined)?.counter ?? 0)) kept.set(key, answer);
  };
  for (const circle of circles.keys()) {
    const { documents } = couch.databases.get(`c-${circle}`)!;
    for (const { tree } of documents.changes(0, Infinity)) keep(`c-${circle}`, docOf(tree, winnerOf(tree)));
    for (const device of devices) {
      const isIn = device.me().circles.some(({ id, leftAt }) => id === circle && !leftAt);
      if (!isIn || !present(circle).includes(device.person)) continue;
      const { changes } = await device.disk.logs.open(circle).changes(0, 100_000);
      for (const { doc } of changes) keep(`c-${circle}`, doc);
    }
  }
  return kept;
}
