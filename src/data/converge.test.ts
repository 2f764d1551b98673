import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeComment } from '#domain/comment/comment.ts';
import { listingId } from '#domain/listing/listing.ts';
import type { Doc } from './log.ts';
import { converge, expectEqual } from './testing/convergence.ts';
import { circle, meOf, openTestDevice, type TestDevice } from './testing/devices.ts';
import { createFakeHub, type FakeHub, type Weather } from './testing/fake-hub.ts';
import { claimOf, now, pot } from './testing/records.ts';

const people = ['lin', 'mei', 'hao'] as const;
type Act = { who: number; what: 'post' | 'claim' | 'comment' | 'edit' | 'sync' | 'crash'; weather: Weather };
const acts = fc.array(
  fc.record({
    who: fc.nat(3),
    what: fc.constantFrom('post', 'claim', 'comment', 'edit', 'sync', 'sync', 'crash'),
    weather: fc.constantFrom('fine', 'fine', 'lose-request', 'lose-answer', 'cut', 'error-500')
  }) as fc.Arbitrary<Act>,
  { minLength: 8, maxLength: 24 }
);

test('devices with bad lines and crashes converge: nothing lost, nothing twice, no branch open', async () => {
  await fc.assert(fc.asyncProperty(acts, runAct), { numRuns: 20 });
}, 120_000);

async function runAct(all: Act[]): Promise<void> {
  const hub = createFakeHub();
  let weather: Weather = 'fine';
  // Two of the four are phones of one person.
  const owners = [...people, 'lin'];
  const devices = owners.map((who) => openTestDevice(hub, meOf(who), () => weather));
  const written = new Set<string>();
  for (const [turn, act] of all.entries()) {
    weather = act.weather;
    await play(devices, owners, act, turn, written);
  }
  weather = 'fine';
  await converge(devices);
  for (const device of devices) await device.settleAll();
  await converge(devices);
  await expectEqual(devices);
  await expectWhole(hub, written);
  for (const device of devices) await device.close();
}

async function play(devices: TestDevice[], owners: string[], act: Act, turn: number, written: Set<string>) {
  const device = devices[act.who]!;
  const author = owners[act.who]!;
  const at = new Date(Date.parse(now) + turn * 1_000).toISOString();
  const save = async (doc: Doc) => {
    await device.write(circle, { ...doc, updatedAt: at });
    written.add(doc._id);
  };
  const subject = listingId(people[turn % 3]!, 'edited');
  if (act.what === 'post') await save(pot(author, `n-${turn}`));
  else if (act.what === 'edit') await save(pot(author, 'edited', `Pot ${turn}`));
  else if (act.what === 'claim') await save(claimOf(author, subject, `turn ${turn}`));
  else if (act.what === 'comment')
    await save(makeComment({ subject, text: 'Hm' }, { author, key: `n-${turn}`, now: at }) as unknown as Doc);
  else if (act.what === 'crash') devices[act.who] = await device.crash();
  else {
    await device.sendAll();
    await device.pullAll();
  }
}

async function expectWhole(hub: FakeHub, written: Set<string>): Promise<void> {
  const { rows } = await hub.database(circle).allDocs({ include_docs: true, conflicts: true });
  expect(new Set(rows.map((row) => row.id))).toEqual(written);
  for (const row of rows) expect(row.doc).not.toHaveProperty('_conflicts');
}
