import * as v from 'valibot';
import { parseRecordId, hubAuthor } from '#domain/id.ts';
import { ringOf } from '../bell.ts';
import type { Route } from '../router.ts';
import { parseBody } from './fields.ts';
import { insider, type Services } from './services.ts';

/** As many as `/db` takes at once. */
const bodyBytes = 8 * 1024 * 1024;

const returned = v.object({
  records: v.pipe(v.array(v.looseObject({ _id: v.string(), _rev: v.optional(v.string()) })), v.maxLength(1000))
});

type Row = { id: string; ok: true; rev?: string } | { id: string; error: string; reason: string };
type Signed = { _id: string; _rev?: string; counter?: unknown };

/**
 * After a restore devices hand back the hub's own newer records. The signature proves that this hub wrote them for this circle, the
 * counter that they are newer than what it has, so that nobody can bring an older state back.
 */
export function returnedRoutes(services: Services): Route[] {
  const { bell, couch, hubKey, serial } = services;

  async function takeBack(circle: string, record: Signed): Promise<Row> {
    const id = record._id;
    const refused = (reason: string): Row => ({ id, error: 'forbidden', reason });
    if (parseRecordId(id)?.author !== hubAuthor)
      return refused('hub-only: Only records of the hub are taken back here.');
    if (!hubKey.verify(record, `c-${circle}`)) return refused('signature: This hub did not sign it for this circle.');
    const database = couch.database(`c-${circle}`);
    const before = await database.get<{ counter?: number }>(id);
    if (!(Number(record.counter) > (before?.counter ?? 0))) return refused('counter: The hub has this or a newer one.');
    const [row] = await database.bulkDocs([record], { newEdits: false });
    if (row?.error) return { id, error: row.error, reason: row.reason ?? '' };
    return { id, ok: true, ...(record._rev !== undefined && { rev: record._rev }) };
  }

  return [
    {
      method: 'POST',
      path: '/api/circles/:id/returned',
      async run(call) {
        const { circle } = await insider(services, call);
        const { records } = parseBody(returned, await call.json(bodyBytes));
        const rows = await serial(`returned ${circle}`, async () => {
          const answers: Row[] = [];
          for (const record of records) answers.push(await takeBack(circle, record));
          return answers;
        });
        const ids = rows.flatMap((row) => ('ok' in row ? [row.id] : []));
        const ring = ringOf(`c-${circle}`, { ids });
        if (ring && ids.length > 0) bell.ring(ring);
        return { status: 200, body: rows };
      }
    }
  ];
}
