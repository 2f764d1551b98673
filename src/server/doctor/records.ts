import { allotmentFault } from '#domain/allotment/allotment-fault.ts';
import type { Allotment } from '#domain/allotment/allotment.ts';
import { hubAuthor, parseRecordId } from '#domain/id.ts';
import { parseRecord } from '#domain/record.ts';
import type { HubKey } from '../hub-key.ts';
import { fault, note, type Finding, type Standing } from './finding.ts';

/** Clocks differ a little; beyond this the hub's own clock was wrong, then or now. */
const aheadMs = 60_000;

/** What is looked at record by record, with what amounts to a finding only at the end. */
export type Examination = { see(doc: Standing): Finding[]; end(): Finding[] };

/** R10, R11, R12 and §4 for one database: signatures, arithmetic, branches, structure. */
export function examineRecords(name: string, key: HubKey, now: number): Examination {
  let unsound = 0;
  const branched = { ofMembers: 0, ofHub: 0 };

  return {
    see(doc) {
      const id = parseRecordId(doc._id);
      if (doc._conflicts?.length) branched[id?.author === hubAuthor ? 'ofHub' : 'ofMembers']++;
      const { _conflicts, ...content } = doc;
      const parsed = parseRecord(content);
      if (!parsed.ok) unsound++;
      if (id?.author !== hubAuthor) return [];
      const findings: Finding[] = [];
      if (!key.verify(content, name)) findings.push(fault(`${doc._id} in ${name} does not bear this hub’s signature.`));
      if (Date.parse(String(doc['updatedAt'])) > now + aheadMs)
        findings.push(fault(`${doc._id} in ${name} was written in the future: the clock is or was wrong.`));
      if (parsed.ok && id.kind === 'allotment') findings.push(...examineAllotment(name, parsed.record as Allotment));
      return findings;
    },
    end: () => [
      ...(unsound > 0
        ? [note(`${name}: ${unsound} records are of no kind that this version knows. They are kept.`)]
        : []),
      ...(branched.ofMembers > 0
        ? [note(`${name}: ${branched.ofMembers} records have two states by one author. Her device will merge them.`)]
        : []),
      ...(branched.ofHub > 0 ? [fault(`${name}: ${branched.ofHub} records of the hub have two states.`)] : [])
    ]
  };
}

function examineAllotment(name: string, allotment: Allotment): Finding[] {
  const { _id, places, next } = allotment;
  const findings: Finding[] = [];
  if (allotmentFault(null, allotment) === 'oversold')
    findings.push(fault(`${_id} in ${name} gives more than there ever was.`));
  const arrivals = places.map(({ arrival }) => arrival);
  if (new Set(arrivals).size < arrivals.length || arrivals.some((arrival) => arrival >= next))
    findings.push(fault(`${_id} in ${name} has a number of arrival twice, or one that is still to come.`));
  return findings;
}
