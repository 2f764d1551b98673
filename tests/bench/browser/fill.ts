import { catchUp } from '#data/projector.ts';
import type { LogChange, Stored } from '#data/log.ts';
import type { ReadModel } from '#data/read-model.ts';
import type { AnyRecord } from '#domain/kinds.ts';
import { makePerson } from '#domain/person/person.ts';
import { firstRevision, neighbours, postedAt, seededListings } from '../documents.ts';

/** What a circle of that many listings holds: its people and what they posted. */
export function circleRecords(seed: number, count: number): AnyRecord[] {
  const people = neighbours.map((id) => makePerson({ name: `Neighbour ${id}` }, { author: id, now: postedAt(0) }));
  return [...people, ...seededListings(seed, count)];
}

/** Brings the shipped tables up by the shipped projection, from a log that is a list. */
export async function fillReadModel(model: ReadModel, circle: string, records: AnyRecord[]): Promise<void> {
  const changes = async (since: number | string, limit: number) => {
    const from = Number(since);
    const some = records.slice(from, from + limit).map((record, index): LogChange => {
      const doc = firstRevision(record, from + index) as unknown as Stored;
      return { id: doc._id, revs: [doc._rev], doc };
    });
    return { changes: some, last: from + some.length };
  };
  await catchUp(model, { changes }, circle);
}
