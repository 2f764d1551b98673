import * as v from 'valibot';
import { circleRecordId } from '#domain/circle/circle.ts';
import { parseRecordId } from '#domain/id.ts';
import { ringOf } from '../bell.ts';
import { sentToId } from '../delivery.ts';
import { memberPrefix } from '../membership.ts';
import type { Call, Route } from '../router.ts';
import type { Session } from '../sessions.ts';
import { parseBody } from './fields.ts';
import { insider, type Services } from './services.ts';

/** As many as `/db` takes at once. */
const bodyBytes = 8 * 1024 * 1024;

const returned = v.object({
  records: v.pipe(v.array(v.looseObject({ _id: v.string(), _rev: v.optional(v.string()) })), v.maxLength(1000))
});

/**
 * After a restore devices hand back the hub's own newer records, of a circle or, with `me` in its place, of their own database. A call
 * with no records says that this was all: the hub waits for it from each device before it settles anything.
 */
export function returnedRoutes(services: Services): Route[] {
  const { accounts, bell, circles, couch, homecoming, hubRecords, lookAgain, serial, takeBack } = services;

  /** Who hands back, and the database: her own, or that of a circle which she is in. */
  async function place(call: Call): Promise<Session & { where: string; database: string }> {
    const where = call.params['id']!;
    if (where !== 'me') return { ...(await insider(services, call)), where, database: `c-${where}` };
    const session = await call.session();
    return { ...session, where, database: `me-${session.account}` };
  }

  /** What follows from a record that is back: of a membership its circle, of a circle its name. */
  async function tell(circle: string, ids: readonly string[]): Promise<void> {
    const people = ids.flatMap((id) => (id.startsWith(memberPrefix) ? [id.slice(memberPrefix.length)] : []));
    for (const person of people) await accounts.addCircle(person, circle);
    const named = ids.includes(circleRecordId) ? (await circles.members(circle)).filter(({ leftAt }) => !leftAt) : [];
    for (const person of new Set([...people, ...named.map((member) => member.person)])) bell.ring({ me: person });
  }

  /**
   * Of a word that is back its sender's database knows again to whom it went: it goes away with her record, as before (R13).
   * Also of one that was back before: the hub may have died in between. Where she has taken it back already, it goes at once.
   */
  async function noteReached(person: string, ids: readonly string[]): Promise<void> {
    const home = couch.database(`me-${person}`);
    for (const id of ids) {
      const { kind, key = '' } = parseRecordId(id) ?? {};
      const sender = kind === 'delivered' ? parseRecordId(key)?.author : undefined;
      if (!sender || !(await home.get(id))) continue;
      await serial(`reached ${key}`, async () => {
        const database = await couch.ensure(`me-${sender}`);
        const { to = [] } = (await database.getLocal<{ to: string[] }>(sentToId(key))) ?? {};
        if (!to.includes(person)) await database.putLocal(sentToId(key), { to: [...to, person] });
        const { rows } = await database.allDocs({ keys: [key] });
        if (rows[0]?.value?.deleted) await hubRecords.remove(home.name, id);
      });
    }
  }

  return [
    {
      method: 'POST',
      path: '/api/circles/:id/returned',
      async run(call) {
        const { where, database, ...session } = await place(call);
        const { records } = parseBody(returned, await call.json(bodyBytes));
        const { rows, again } = await takeBack(database, records);
        const ids = rows.flatMap((row) => ('ok' in row ? [row.id] : []));
        const ring = ringOf(database, { ids });
        if (ring && ids.length > 0) bell.ring(ring);
        if (where !== 'me') await tell(where, ids);
        else
          await noteReached(
            session.account,
            records.map(({ _id }) => _id)
          );
        lookAgain(database, again);
        if (records.length === 0) await homecoming.cameBack(session, where);
        return { status: 200, body: rows };
      }
    }
  ];
}
