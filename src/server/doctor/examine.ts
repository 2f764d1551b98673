import { join } from 'node:path';
import { parseRecordId } from '#domain/id.ts';
import type { Accounts } from '../accounts.ts';
import { isHubDatabase } from '../backup/dump.ts';
import type { Couch } from '../couch.ts';
import { homecomingInWords, readHomecoming } from '../homecoming.ts';
import type { HubKey } from '../hub-key.ts';
import type { Membership } from '../membership.ts';
import { examineCircle } from './circle.ts';
import { documentsIn, fault, note, type Finding } from './finding.ts';
import { examineMachine } from './machine.ts';
import { examinePictures } from './pictures.ts';
import { examineRecords } from './records.ts';

export type Patient = {
  couch: Couch;
  data: string;
  clock: () => number;
  key: HubKey;
  accounts: Accounts;
  membership: Membership;
};

/** Looks through the whole hub and tells what it finds, a database at a time; it changes nothing. */
export async function* examine({ couch, data, clock, key, accounts, membership }: Patient): AsyncGenerator<Finding> {
  if (!(await couch.up())) return void (yield fault('The database does not answer.'));
  yield* examineMachine(couch, data, clock);
  const waiting = await readHomecoming(couch, membership);
  if (waiting) yield note(homecomingInWords(waiting));
  const people = new Map((await accounts.all()).map((account) => [account.id, account] as const));
  yield note(`${people.size} accounts.`);
  const names = (await couch.list()).filter(isHubDatabase);
  for (const person of people.keys())
    if (!names.includes(`me-${person}`)) yield fault(`The account ${person} has lost its own database.`);
  for (const name of names.filter((each) => each !== 'system')) {
    const circle = name.startsWith('c-') ? name.slice('c-'.length) : null;
    const examinations = [examineRecords(name, key, clock()), ...(circle ? [examineCircle(circle, people)] : [])];
    const brought = new Set<string>();
    for await (const doc of documentsIn(couch.database(name))) {
      for (const examination of examinations) yield* examination.see(doc);
      const id = parseRecordId(doc._id);
      if (id?.kind === 'photo' && doc['uploadedAt']) brought.add(id.key);
    }
    for (const examination of examinations) yield* examination.end();
    if (circle) yield* examinePictures(join(data, 'photos'), circle, brought);
  }
}
