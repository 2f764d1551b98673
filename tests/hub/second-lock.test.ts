import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createBell } from '#server/bell.ts';
import { connectCouch, type Couch } from '#server/couch.ts';
import { openSecondLock, proxyCredentials } from '#server/second-lock.ts';
import { commentOf, openHouse, type House } from '../attack/house.ts';
import { emptyLog } from '../people.ts';
import { freshPrefix } from '../start-store.ts';
import { until } from '../until.ts';

// The gate's own check of who may write what, switched off: what is refused here CouchDB refuses.
vi.mock('#domain/kinds.ts', async (original) => ({
  ...(await original<typeof import('#domain/kinds.ts')>()),
  refusal: () => null
}));

const url = process.env['COUCHDB_URL'];
/** CouchDB reads its authentication handlers when it starts, so that one with deploy/second-lock.ini has to be given. */
const secret = process.env['COUCHDB_PROXY_SECRET'];

const cases = 9;
if (!url || !secret)
  it('needs a CouchDB set up for it', () =>
    console.log(`NOT RUN: couchdb (${cases} cases, with COUCHDB_PROXY_SECRET)`));
else
  describe('the second lock, with the gate’s own check switched off', () => {
    const prefix = freshPrefix();
    const couch = connectCouch({ url, prefix });
    let house: House;

    beforeAll(async () => {
      const start = async () => ({ couch, url, prefix, stop: () => removeAll(couch) });
      house = await openHouse(start, { couchUrl: url, couchProxySecret: secret });
    });
    afterAll(() => house?.stop());

    const useSecret = async (used: boolean) => {
      const path = '_node/_local/_config/chttpd_auth/proxy_use_secret';
      await (await couch.request('PUT', path, { body: String(used) })).text();
    };
    const asPerson = (id: string, name: string, more: object = {}) =>
      couch.databaseAs(name, { ...proxyCredentials(secret, id), ...more });

    it('lets everybody write what is hers: a third party’s PouchDB goes both ways', async () => {
      const { lin, mei, circle } = house;
      const log = emptyLog();
      await log.put(commentOf(lin, 'own'));
      expect((await log.sync(lin.remote(circle))).push!.doc_write_failures).toBe(0);
      expect(await mei.read(circle, commentOf(lin, 'own')._id)).toMatchObject({ text: 'Are they sweet?' });
      const { rows } = await log.allDocs();
      expect(rows.map(({ id }) => id)).toContain(house.meis._id);
    });

    it('[R1] refuses what is another’s, in a row, by new edits and forged revisions, and stores the rest of the batch', async () => {
      const { lin, mei, circle, meis } = house;
      const stands = await mei.read<{ _rev: string }>(circle, meis._id);
      const edits = [
        { ...meis, _rev: stands!._rev, text: 'mine now' },
        { _id: meis._id, _rev: stands!._rev, _deleted: true },
        { ...commentOf(mei, 'never'), text: 'she never wrote this' },
        { _id: 'hub:member:x', kind: 'member' }
      ];
      const refused = await house.refused(lin, [...edits, commentOf(lin, 'beside')]);
      expect(refused.map(({ id, error }) => [id, error])).toEqual(edits.map(({ _id }) => [_id, 'forbidden']));
      // The gate would have said hub-only: these words are CouchDB's.
      expect(refused.at(-1)).toMatchObject({ reason: expect.stringMatching(/^not-yours/) });
      const forged = { ...meis, text: 'forged', _rev: '9-f', _revisions: { start: 9, ids: ['f'] } };
      expect(await house.refused(lin, [forged], false)).toMatchObject([{ id: meis._id, error: 'forbidden' }]);
      expect(await mei.read(circle, meis._id)).toEqual(stands);
      expect(await mei.read(circle, commentOf(lin, 'beside')._id)).not.toBeNull();
    });

    it('[R1] answers a single PUT with 403', async () => {
      const body = { ...commentOf(house.mei, 'alone') };
      const { status, json } = await house.as(house.lin, 'PUT', `${house.db}/${body._id}`, { body });
      expect([status, json['error']]).toEqual([403, 'forbidden']);
    });

    it('[R13] lets nobody but herself into a person’s own database, and nobody but members into a circle’s', async () => {
      const { lin, mei, fang, circle } = house;
      for (const person of [lin, mei]) await house.as(person, 'GET', '/db/me');
      const status = async (id: string, name: string) => (await asPerson(id, name).request('GET', [])).status;
      expect(await status(mei.id, `me-${mei.id}`)).toBe(200);
      expect(await status(lin.id, `me-${mei.id}`)).toBe(403);
      expect(await status(lin.id, `c-${circle}`)).toBe(200);
      expect(await status(fang.id, `c-${circle}`)).toBe(403);
      expect([401, 403]).toContain((await couch.databaseAs(`c-${circle}`, {}).request('GET', [])).status);
    });

    it('takes a key back from whoever was removed', async () => {
      const { zhou, mei, circle } = house;
      const name = `c-${house.circle}`;
      expect((await asPerson(mei.id, name).request('GET', [])).status).toBe(200);
      await zhou.call('DELETE', `/api/circles/${circle}/members/${mei.id}`);
      await until('CouchDB refuses her', async () => (await asPerson(mei.id, name).request('GET', [])).status === 403);
    });

    it('believes no name without its token', async () => {
      const { lin, circle } = house;
      const status = async (more: object) => (await asPerson(lin.id, `c-${circle}`, more).request('GET', [])).status;
      expect(await status({})).toBe(200);
      expect([401, 403]).toContain(await status({ 'x-auth-couchdb-token': '0'.repeat(64) }));
      expect([401, 403]).toContain(await status({ 'x-auth-couchdb-username': house.zhou.id }));
    });

    it('gives no role a right: whoever calls herself steward or member writes no more than before', async () => {
      const { lin, fang, circle, meis } = house;
      const roles = { 'x-auth-couchdb-roles': 'steward,member,jujube' };
      const response = await asPerson(lin.id, `c-${circle}`, roles).request('POST', '_bulk_docs', {
        body: { docs: [{ ...meis, _rev: '9-f' }], new_edits: false }
      });
      expect(await response.json()).toMatchObject([{ error: 'forbidden' }]);
      expect((await asPerson(fang.id, `c-${circle}`, roles).request('GET', [])).status).toBe(403);
    });

    it('is seen by no device: not in changes, lists, nor by its name', async () => {
      const { lin, db } = house;
      expect(await couch.database(`c-${house.circle}`).get('_design/jujube-second-lock')).not.toBeNull();
      for (const path of [
        '/_changes?include_docs=true',
        '/_all_docs?include_docs=true',
        '/_changes?descending=true&limit=500'
      ]) {
        const { status, text } = await house.as(lin, 'GET', db + path);
        expect([path, status, text.includes('_design')]).toEqual([path, 200, false]);
      }
      expect((await house.as(lin, 'GET', `${db}/_design%2Fjujube-second-lock`)).status).toBe(404);
      expect((await house.as(lin, 'PUT', `${db}/_design%2Fjujube-second-lock`, { body: {} })).status).toBe(404);
    });

    it('keeps the hub from starting on a CouchDB that is not set up for it, or believes anybody', async () => {
      const open = (other: string) => openSecondLock({ couch, bell: createBell(), secret: other, log: { error() {} } });
      await expect(open('another secret')).rejects.toThrow(/does not take COUCHDB_PROXY_SECRET/);
      await expect(open(secret)).resolves.toBeDefined();
      await useSecret(false);
      await expect(open(secret).finally(() => useSecret(true))).rejects.toThrow(/takes anybody/);
    });
  });

async function removeAll(couch: Couch): Promise<void> {
  for (const name of await couch.list()) await couch.database(name).destroy();
}
