import { setTimeout as moment } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { allotmentId, type Allotment } from '#domain/allotment/allotment.ts';
import { claimId, makeClaim } from '#domain/claim/claim.ts';
import { makeListing } from '#domain/listing/listing.ts';
import type { HubProcess } from '../hub-process.ts';
import { createPushing } from '../hub/pushing.ts';
import { moveIn, signIn, type Person } from '../people.ts';
import { seeded } from '../seeded.ts';
import { onEveryBackendAsProcess } from '../start-hub.ts';
import { until } from '../until.ts';

const kills = 20;
/** From the first requests on the way to a good many answers; the moment is drawn, the seed says which. */
const longestMs = 700;
const seed = Number(process.env['SEED'] ?? 20_260_301);

onEveryBackendAsProcess('a hub killed again and again at moments that chance draws', (startHub) => {
  const now = new Date().toISOString();
  const random = seeded(seed);
  let hub: HubProcess;
  let circle: string;
  let people: Person[];
  let devices: Person[];

  beforeAll(async () => {
    hub = await startHub();
    const household = await moveIn(hub.url, { setup: hub.setUpToken, names: ['Lin', 'Mei', 'Fang', 'Hao', 'Zhou'] });
    circle = household.circle;
    people = [...household.people];
    devices = [...people, ...(await Promise.all(people.map((person) => signIn(hub.url, person))))];
  });
  afterAll(() => hub.remove());

  const allotmentOf = (offer: string) => people[0]!.read<Allotment>(circle, allotmentId(offer));

  it(`[R6] keeps what it acknowledged and settles every claim once (seed ${seed})`, async () => {
    const pushing = createPushing(hub, circle, devices);
    const given = new Map<string, string[]>();
    for (let kill = 0; kill < kills; kill++) {
      // Each time a thing that two want; their claims are on the way when the hub dies, and were acknowledged or not.
      const offer = makeListing({ title: 'Trousers' }, { author: people[0]!.id, now, key: `trousers-${kill}` });
      await people[0]!.write(circle, offer);
      const claims = [people[1]!, people[2]!].map((person) =>
        person.write(circle, makeClaim({ subject: offer._id }, { author: person.id, now })).catch(() => undefined)
      );
      const gone = pushing.untilGone();
      await moment(random() * longestMs);
      await (random() < 0.5 ? hub.killAll() : hub.kill());
      await Promise.all([gone, ...claims]);
      await hub.start();
      expect(await pushing.missing()).toEqual([]);
      for (const [before, winners] of given) {
        expect(winnersOf(await allotmentOf(before)), `${before} after kill ${kill}`).toEqual(winners);
      }
      // What was lost on the way is sent again, as a device does; then there is one winner for good.
      for (const person of [people[1]!, people[2]!]) {
        if (!(await person.read(circle, claimId(person.id, offer._id))))
          await person.write(circle, makeClaim({ subject: offer._id }, { author: person.id, now }));
      }
      const settled = await until('both claims are answered', async () => {
        const allotment = await allotmentOf(offer._id);
        return allotment?.places.length === 2 && allotment;
      });
      expect(settled.places.map(({ state }) => state).sort()).toEqual(['given', 'waiting']);
      given.set(offer._id, winnersOf(settled));
    }
    expect(pushing.acknowledged.size).toBeGreaterThan(kills * 10);
  });
});

function winnersOf(allotment: Allotment | null): string[] {
  return (allotment?.places ?? []).filter(({ state }) => state === 'given').map(({ claim }) => claim);
}
