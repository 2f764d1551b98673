import { createEngine, type Engine } from '../engine.ts';
import type { Me } from '../hub-api.ts';
import { createPouchLog } from '../pouch-log.ts';
import { kindTables } from '../read-model.ts';
import type { Status } from '../status.ts';
import { realTimers } from '../timers.ts';
import type { FakeHub, Weather } from './fake-hub.ts';
import { freshName, memoryModel, memoryStore, Pouch } from './memory-pouch.ts';

export const circle = '302-abc';

export const meOf = (id: string, role: 'member' | 'steward' = 'member'): Me => ({
  id,
  login: id,
  name: id,
  era: 'one',
  circles: [{ id: circle, name: '302', circleKind: 'circle', role }]
});

export type TestDevice = Engine & { heard: string[]; status(): Status | null; crash(): Promise<TestDevice> };

/** A device of this person before this hub, with stores of its own that outlive a crash. */
export function openTestDevice(
  hub: FakeHub,
  me: Me,
  weather: () => Weather = () => 'fine',
  kept: string = freshName(me.id),
  now = () => Date.parse('2026-03-01T00:00:00Z')
): TestDevice {
  let status: Status | null = null;
  const heard: string[] = [];
  let current = me;
  const engine = createEngine({
    me,
    origin: 'http://hub',
    fetch: hub.fetchFor(() => current, weather),
    now,
    timers: realTimers,
    openLog: (name) => createPouchLog(Pouch, `${kept}-${name}`, { adapter: 'memory' }),
    model: memoryModel(`${kept}-read`),
    store: memoryStore(`${kept}-device`),
    report(error) {
      throw error;
    },
    news: {
      changed: (where) => heard.push(`changed ${where}`),
      status: (told) => (status = told),
      me: (told) => (current = told),
      failed: () => heard.push('failed'),
      needsSignIn: () => heard.push('needs sign-in')
    }
  });
  return {
    ...engine,
    heard,
    status: () => status,
    /** What was in memory is gone; what was on disk is opened again. */
    async crash() {
      await engine.close();
      return openTestDevice(hub, me, weather, kept, now);
    }
  };
}

/** All rows of a circle, as far as they are the same on every device. */
export async function rowsOf(device: Pick<Engine, 'model'>, of: string = circle): Promise<Record<string, unknown[]>> {
  const rows: Record<string, unknown[]> = {};
  for (const kind of kindTables) {
    rows[kind] = await device.model.table(kind).where('[circle+id]').between([of, ''], [of, '\uffff']).toArray();
  }
  return rows;
}
