import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kindSamples } from '#domain/testing/kind-samples.ts';
import { kinds, type Home, type KindName, type Role } from '#domain/kinds.ts';
import type { Row } from './rows.ts';
import { backends, startGate, tellNotRun, type TestGate } from './testing/start-gate.ts';

/** What a person hears who writes a record of her own of this kind; null: it is stored. Said by hand, so that a slip in `kinds` shows. */
const answers: {
  [K in KindName]: { home: Home; newcomer: string | null; member: string | null; steward: string | null };
} = {
  person: { home: 'circle', newcomer: null, member: null, steward: null },
  listing: { home: 'circle', newcomer: null, member: null, steward: null },
  photo: { home: 'circle', newcomer: null, member: null, steward: null },
  claim: { home: 'circle', newcomer: null, member: null, steward: null },
  pick: { home: 'circle', newcomer: null, member: null, steward: null },
  handover: { home: 'circle', newcomer: null, member: null, steward: null },
  comment: { home: 'circle', newcomer: null, member: null, steward: null },
  hide: { home: 'circle', newcomer: 'stewards-only', member: 'stewards-only', steward: null },
  message: { home: 'me', newcomer: null, member: null, steward: null },
  delivered: { home: 'me', newcomer: 'hub-only', member: 'hub-only', steward: 'hub-only' },
  circle: { home: 'circle', newcomer: 'hub-only', member: 'hub-only', steward: 'hub-only' },
  member: { home: 'circle', newcomer: 'hub-only', member: 'hub-only', steward: 'hub-only' },
  allotment: { home: 'circle', newcomer: 'hub-only', member: 'hub-only', steward: 'hub-only' }
};

const kindNames = Object.keys(kinds) as KindName[];
const roles: Role[] = ['newcomer', 'member', 'steward'];
const verbs = ['create', 'change', 'delete', 'replicate', 'put'] as const;
type Verb = (typeof verbs)[number];

const cases = kindNames.flatMap((kind) => roles.flatMap((role) => verbs.map((verb) => ({ kind, role, verb }))));
tellNotRun(2 * cases.length);

it('[R12] has a row for every kind', () => {
  expect(Object.keys(answers).sort()).toEqual(kindNames.toSorted());
});

describe.each(backends)('[R12] in front of $backend', ({ startBackend }) => {
  let gate: TestGate;
  beforeAll(async () => {
    gate = await startGate({ startBackend });
    for (const role of roles) await gate.store.couch.ensure(`c-${role}`);
  }, 30_000);
  afterAll(() => gate.stop());

  const codeOf = (row: Row | undefined) =>
    row?.error === 'forbidden' ? row.reason!.split(':')[0]! : (row?.error ?? null);

  /** Each case has people of its own in the circle of their role, so that none sees another's revisions. */
  async function stage(person: string, role: Role, home: Home) {
    gate.join(role, person, role);
    if (home === 'circle') return { circle: role as string, database: gate.store.couch.database(`c-${role}`) };
    return { circle: 'me', database: await gate.store.couch.ensure(`me-${person}`) };
  }

  async function attempt(person: string, circle: string, verb: Verb, doc: object & { _id: string; _rev?: string }) {
    const { _id, _rev } = doc;
    const rev = _rev ?? '1-0123456789abcdef0123456789abcdef';
    const later = { ...doc, _rev: rev, later: true };
    const docs = {
      create: doc,
      change: later,
      delete: { _id, _rev: rev, _deleted: true },
      replicate: { ...later, _rev: '2-forged' },
      put: doc
    };
    if (verb === 'put') {
      const { status, body } = await gate.as(person, 'PUT', `/db/${circle}/${encodeURIComponent(_id)}`, { body: doc });
      expect(status).toBe(body['ok'] ? 201 : 403);
      return codeOf(body as unknown as Row);
    }
    const body = { docs: [docs[verb]], new_edits: verb !== 'replicate' };
    const { status, body: rows } = await gate.as(person, 'POST', `/db/${circle}/_bulk_docs`, { body });
    expect(status).toBe(201);
    return codeOf((rows as unknown as Row[])[0]);
  }

  it.each(cases)('$kind of her own, $verb as a $role', async ({ kind, role, verb }) => {
    const { home, [role]: expected } = answers[kind];
    const person = `lin-${kind}-${verb}`;
    const { circle, database } = await stage(person, role, home);
    const sample = kindSamples(person)[kind];
    const before = await database.get<{ _id: string; _rev: string }>(sample._id);
    const seeded =
      before?._rev ?? (verb === 'change' || verb === 'delete' ? (await database.put(sample)).rev : undefined);
    const doc = { ...sample, ...(seeded ? { _rev: seeded } : {}) };
    // R4: what was written as a steward may still be taken back by whoever is none any more.
    expect(await attempt(person, circle, verb, doc)).toBe(
      verb === 'delete' && expected === 'stewards-only' ? null : expected
    );
  });

  it.each(cases)("[R1] $kind of another's, $verb as a $role", async ({ kind, role, verb }) => {
    const { home, member } = answers[kind];
    const { circle, database } = await stage('mei', role, home);
    const sample = kindSamples('lin')[kind];
    if (!(await database.get(sample._id))) await database.put(sample);
    const before = await database.get<{ _id: string; _rev: string }>(sample._id);
    const doc = { ...sample, _rev: before!._rev };
    expect(await attempt('mei', circle, verb, doc)).toBe(member === 'hub-only' ? 'hub-only' : 'not-yours');
    expect(await database.get(sample._id)).toEqual(before);
  });
});
