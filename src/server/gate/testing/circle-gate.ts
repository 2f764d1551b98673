import { afterAll, beforeAll, describe } from 'vitest';
import { kindSamples } from '#domain/testing/kind-samples.ts';
import { backends, startGate, tellNotRun, type Answer, type TestGate } from './start-gate.ts';

export const mine = kindSamples('lin').comment;
export const meis = kindSamples('mei').comment;
export const circle = '/db/c302';
export const said = ({ status, body }: Answer) => [status, body['error']];

export type CircleGate = {
  /** Once the suite runs. */
  gate(): TestGate;
  as: TestGate['as'];
  /** A batch to c302. */
  write(person: string, docs: unknown[], newEdits?: boolean): Promise<Answer>;
};

/** Cases, so many of them, in front of each backend: c302 has Lin, Mei and Zhou, who is its steward; c303 has Fang. */
export function describeGate(cases: number, suite: (at: CircleGate) => void): void {
  tellNotRun(cases);
  describe.each(backends)('the gate in front of $backend', ({ startBackend }) => {
    let gate: TestGate;
    const as: TestGate['as'] = (...asked) => gate.as(...asked);

    beforeAll(async () => {
      gate = await startGate({ startBackend });
      for (const name of ['c-c302', 'c-c303', 'me-lin', 'me-mei']) await gate.store.couch.ensure(name);
      for (const person of ['lin', 'mei']) gate.join('c302', person);
      gate.join('c302', 'zhou', 'steward');
      gate.join('c303', 'fang');
      await gate.store.couch.database('c-c302').bulkDocs([meis, kindSamples('lin').member]);
    }, 30_000);
    afterAll(() => gate.stop());

    suite({
      gate: () => gate,
      as,
      write: (person, docs, newEdits = true) =>
        as(person, 'POST', `${circle}/_bulk_docs`, { body: { docs, new_edits: newEdits } })
    });
  });
}
