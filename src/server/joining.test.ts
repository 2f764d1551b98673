import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startStore, type TestStore } from '../../tests/start-store.ts';
import { createAccounts } from './accounts.ts';
import { createBell } from './bell.ts';
import { createCircles } from './circles.ts';
import type { Couch } from './couch.ts';
import type { Database } from './couch-database.ts';
import { CouchError } from './couch-error.ts';
import { openHubKey } from './hub-key.ts';
import { createHubRecords } from './hub-records.ts';
import { createInvites, type Invite } from './invites.ts';
import { createJoining } from './joining.ts';
import { createMembership } from './membership.ts';
import { createPasswords } from './passwords.ts';
import { createSerial } from './serial.ts';

describe('joining', () => {
  let store: TestStore;
  let circle: string;

  beforeAll(async () => {
    store = await startStore();
    await store.couch.ensure('system');
    const hub = await process(store.couch);
    await hub.joining.enrol({ login: 'lin', name: 'Lin', password: 'never worn' });
    circle = await hub.circles.found((await hub.accounts.byLogin('lin'))!.id, { name: '302', circleKind: 'circle' });
  });
  afterAll(() => store.stop());

  /** What one process of the hub holds in memory. */
  async function process(couch: Couch) {
    const clock = Date.now;
    const random = randomBytes;
    const bell = createBell();
    const serial = createSerial();
    const passwords = createPasswords(random);
    const hubRecords = createHubRecords({ couch, bell, key: await openHubKey(couch, clock), clock });
    const accounts = createAccounts({ couch, clock, random, passwords });
    const membership = createMembership({ couch, bell });
    const invites = createInvites({ couch, clock, random });
    const circles = createCircles({ couch, clock, random, accounts, bell, hubRecords, membership, serial });
    const joining = createJoining({ couch, clock, random, accounts, passwords, invites, circles, membership, serial });
    return { accounts, membership, invites, circles, joining };
  }

  /** A database that falls silent for ever after so many writes, as it does for a process that is killed there. */
  function dyingAfter(writes: number): Couch {
    let left = writes;
    const spend = () => {
      if (left-- <= 0) throw new CouchError(0, 'unavailable', 'killed');
    };
    const guarded = (database: Database): Database => ({
      ...database,
      put: async (doc) => (spend(), database.put(doc)),
      bulkDocs: async (docs, options) => (spend(), database.bulkDocs(docs, options)),
      destroy: async () => (spend(), database.destroy())
    });
    return {
      ...store.couch,
      database: (name) => guarded(store.couch.database(name)),
      ensure: async (name) => (spend(), guarded(await store.couch.ensure(name)))
    };
  }

  let invite: Invite;
  let login: string;
  let neighbours = 0;

  beforeEach(async () => {
    const { invites, accounts } = await process(store.couch);
    const { token } = await invites.create(circle, (await accounts.byLogin('lin'))!.id, { uses: 1, expiresInHours: 1 });
    invite = (await invites.find(token))!;
    login = `302-${++neighbours}`;
  });

  const usedBy = async () => (await (await process(store.couch)).invites.get(circle, invite.id))!.usedBy;
  const person = () => ({ login, name: 'Mei', password: 'two jujubes' });

  // An enrolment makes eight writes, opening the database included; each is once the last before the kill.
  const cuts = Array.from({ length: 9 }, (_, writes) => writes);

  it.each(cuts)(
    '[S16] killed after %i writes is made good by the next start and the same request again',
    async (writes) => {
      const dying = await dyingProcess(writes);
      await dying?.joining.enrol(person(), invite).catch(() => undefined);

      const next = await process(store.couch);
      await next.circles.repair();
      await next.joining.repair();
      const before = await next.accounts.byLogin(login);
      // All or nothing, as soon as the hub is up again.
      expect(await usedBy()).toEqual(before ? [before.id] : []);
      if (before) expect(await next.membership.roleOf(circle, before.id)).toBe('member');

      const id = await next.joining.enrol(person(), (await next.invites.get(circle, invite.id))!);
      expect(await usedBy()).toEqual([id]);
      expect((await next.accounts.byLogin(login))!.id).toBe(id);
      expect(await next.membership.circlesOf(id)).toEqual([circle]);
      expect(await store.couch.list()).toContain(`me-${id}`);
    }
  );

  it.each(cuts)('killed after %i writes leaves the invite to somebody else, if it was not used', async (writes) => {
    await (await dyingProcess(writes))?.joining.enrol(person(), invite).catch(() => undefined);
    const next = await process(store.couch);
    await next.joining.repair();
    const [first] = await usedBy();
    const other = { login: `${login}-b`, name: 'Fang', password: 'next door' };
    const joined = next.joining.enrol(other, (await next.invites.get(circle, invite.id))!);
    if (first) return expect(joined).rejects.toMatchObject({ code: 'invite-used-up' });
    const id = await joined;
    expect(await usedBy()).toEqual([id]);
  });

  it('once told, takes the login from anybody else', async () => {
    const { joining, invites } = await process(store.couch);
    await joining.answered(await joining.enrol(person(), invite));
    await expect(joining.enrol(person(), (await invites.get(circle, invite.id))!)).rejects.toMatchObject({
      code: 'login-taken'
    });
  });

  it('cut off does not let in who only knows the login', async () => {
    const { joining } = await process(store.couch);
    await joining.enrol(person(), invite);
    const guess = joining.enrol({ ...person(), password: 'a guess at it' }, invite);
    await expect(guess).rejects.toMatchObject({ code: 'login-taken' });
  });

  it.each([0, 1, 2, 3])('accepting, killed after %i writes, goes on with the next tap', async (writes) => {
    const { joining, circles, accounts } = await process(store.couch);
    const id = await joining.enrol({ ...person(), password: 'two jujubes' });
    await (await dyingProcess(writes))?.joining.accept(invite, id).catch(() => undefined);
    await joining.accept(invite, id);
    expect(await usedBy()).toEqual([id]);
    expect((await circles.members(circle)).map((member) => member.person)).toContain(id);
    expect((await accounts.get(id))!.circles).toEqual([circle]);
  });

  it('an admission that is made good late leaves the role that was given meanwhile', async () => {
    const { joining, circles, membership } = await process(store.couch);
    const id = await joining.enrol(person(), invite);
    await circles.setRole(circle, id, 'steward');
    await circles.admit(circle, id, invite.createdBy);
    expect(await membership.roleOf(circle, id)).toBe('steward');
  });

  it.each([1, 2, 3, 4, 5, 6, 7])('a founding killed after %i writes leaves a whole circle or none', async (writes) => {
    const before = await store.couch.list();
    const { accounts } = await process(store.couch);
    const lin = (await accounts.byLogin('lin'))!.id;
    await (
      await dyingProcess(writes)
    )?.circles
      .found(lin, { name: '303', circleKind: 'circle' })
      .catch(() => undefined);
    const next = await process(store.couch);
    await next.circles.repair();
    const made = (await store.couch.list()).filter((name) => !before.includes(name));
    for (const name of made) expect(await next.membership.roleOf(name.slice(2), lin)).toBe('steward');
    // The sixth write is the founder's membership.
    expect(made.length).toBe(writes < 6 ? 0 : 1);
  });

  async function dyingProcess(writes: number) {
    return process(dyingAfter(writes)).catch(() => null);
  }
});
