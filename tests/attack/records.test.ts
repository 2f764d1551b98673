import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeAllotment } from '#domain/allotment/allotment.ts';
import { makeClaim } from '#domain/claim/claim.ts';
import { makeHandover } from '#domain/handover/handover.ts';
import { makeHide } from '#domain/hide/hide.ts';
import { makeListing } from '#domain/listing/listing.ts';
import { makeMember } from '#domain/member/member.ts';
import { makeMessage } from '#domain/message/message.ts';
import { makePick } from '#domain/pick/pick.ts';
import { onEveryBackend } from '../start-hub.ts';
import { until } from '../until.ts';
import { commentOf, now, openHouse, type House } from './house.ts';

onEveryBackend('a member who writes what is not hers', (startStore) => {
  let house: House;
  beforeAll(async () => {
    house = await openHouse(startStore);
  });
  afterAll(() => house.stop());

  const stored = (id: string) => house.mei.read<Record<string, unknown>>(house.circle, id);
  const forbidden = (id: string) => ({ id, error: 'forbidden' });

  it('[R1] creates, edits and deletes no record of another’s; the rest of the batch is stored', async () => {
    const { lin, mei, meis } = house;
    const before = (await stored(meis._id))!;
    const own = commentOf(lin, 'beside');
    const docs = [
      { ...meis, _rev: before['_rev'], text: 'Worn a lot' },
      own,
      commentOf(mei, 'never-wrote-this'),
      { _id: meis._id, _rev: before['_rev'], _deleted: true }
    ];
    expect(await house.refused(lin, docs)).toMatchObject(
      [docs[0], docs[2], docs[3]].map((doc) => forbidden(doc!._id!))
    );
    expect(await stored(meis._id)).toEqual(before);
    expect(await stored(own._id)).toMatchObject({ text: own.text });
    expect(await stored(docs[2]!._id!)).toBeNull();
  });

  it('[R1] is answered 403 where the record comes alone', async () => {
    const { lin, meis, db } = house;
    const before = (await stored(meis._id))!;
    const path = `${db}/${meis._id}`;
    const tries = [
      await house.as(lin, 'PUT', path, { body: { ...before, text: 'mine now' } }),
      await house.as(lin, 'PUT', `${path}?new_edits=false`, { body: { ...before, _rev: '9-f', text: 'mine now' } }),
      await house.as(lin, 'DELETE', `${path}?rev=${String(before['_rev'])}`)
    ];
    expect(tries.map(({ status, json }) => [status, json['error']])).toEqual(tries.map(() => [403, 'forbidden']));
    expect(await stored(meis._id)).toEqual(before);
  });

  it('[R1] [R10] forges no branch: the winner stays, and there is no leaf more', async () => {
    const { lin, meis, db } = house;
    const before = await house.as(lin, 'GET', `${db}/${meis._id}?open_revs=all&revs=true`);
    const forged = (start: number, ...ids: string[]) => ({
      ...meis,
      text: 'forged',
      _rev: `${start}-${ids[0]}`,
      _revisions: { start, ids }
    });
    const { _rev: rev } = (await stored(meis._id)) as { _rev: string };
    const hash = rev.split('-')[1]!;
    const tombstone = { _id: meis._id, _deleted: true, _rev: '900-f', _revisions: { start: 900, ids: ['f'] } };
    const docs = [forged(2, 'f', hash), forged(900, 'f'), forged(999_999_999, 'f'), tombstone];
    expect(await house.refused(lin, docs, false)).toMatchObject(docs.map(({ _id }) => forbidden(_id)));
    expect((await house.as(lin, 'GET', `${db}/${meis._id}?open_revs=all&revs=true`)).text).toBe(before.text);
  });

  it('[R1] takes over no tombstone: what another deleted stays deleted', async () => {
    const { lin, mei, db } = house;
    const gone = commentOf(mei, 'gone');
    await mei.write(house.circle, gone);
    const { _rev } = (await stored(gone._id)) as { _rev: string };
    await house.as(mei, 'DELETE', `${db}/${gone._id}?rev=${_rev}`);
    const revived = {
      ...gone,
      text: 'back again',
      _rev: '3-f',
      _revisions: { start: 3, ids: ['f', _rev.split('-')[1]] }
    };
    expect(await house.refused(lin, [revived], false)).toMatchObject([forbidden(gone._id)]);
    expect(await house.refused(lin, [{ ...gone, text: 'back again' }])).toMatchObject([forbidden(gone._id)]);
    expect(await stored(gone._id)).toBeNull();
  });

  it('[R11] is not the hub: no membership, no role, no allotment, no circle of her own making, by whatever door', async () => {
    const { lin, circle, db, trousers } = house;
    const hub = { author: 'hub', now };
    const membership = (await stored(`hub:member:${lin.id}`))!;
    const before = await house.everything();
    const docs: (object & { _id: string })[] = [
      { ...membership, role: 'steward' } as never,
      makeMember({ person: lin.id, role: 'steward', joinedAt: now }, hub),
      makeAllotment({ subject: trousers._id, left: 0, next: 2, terms: [], places: [] }, hub),
      { _id: 'hub:circle:self', _deleted: true } as never
    ];
    for (const newEdits of [true, false]) {
      const rows = await house.refused(
        lin,
        docs.map((doc) => ({ ...doc, ...(newEdits ? {} : { _rev: '7-f' }) })),
        newEdits
      );
      expect(rows).toMatchObject(docs.map(({ _id }) => forbidden(_id)));
    }
    for (const doc of docs) {
      expect((await house.as(lin, 'PUT', `${db}/${doc._id}`, { body: doc })).status).toBe(403);
    }
    expect((await lin.call('PATCH', `/api/circles/${circle}/members/${lin.id}`, { role: 'steward' })).status).toBe(403);
    expect((await lin.call('DELETE', `/api/circles/${circle}/members/${house.mei.id}`)).status).toBe(403);
    const returned = await lin.call('POST', `/api/circles/${circle}/returned`, {
      records: [
        { ...membership, role: 'steward', counter: 99 },
        { ...docs[1], counter: 99, signature: 'forged' }
      ]
    });
    expect(returned.body).toMatchObject([{ error: 'forbidden' }, { error: 'forbidden' }]);
    expect(await house.everything()).toBe(before);
  });

  it('[R12] writes nothing in another’s part: no hide, no pick, no handover of what she does not give, nothing of /db/me in a circle', async () => {
    const { lin, mei, zhou, trousers } = house;
    const at = { author: lin.id, now };
    const claim = makeClaim({ subject: trousers._id }, { author: zhou.id, now });
    const docs = [
      makeHide({ subject: trousers._id, reason: 'Not nice' }, at),
      makePick({ subject: claim._id }, at),
      makeHandover({ subject: claim._id, paidAt: now }, at),
      makeMessage({ to: [mei.id], circle: house.circle, text: 'At six?' }, { ...at, key: 'word' })
    ];
    expect(await house.refused(lin, docs)).toMatchObject(docs.map(({ _id }) => forbidden(_id)));
  });

  it('[R13] reads no word that others say to each other in private', async () => {
    const { lin, mei, zhou } = house;
    const word = makeMessage(
      { to: [zhou.id], circle: house.circle, text: 'the key is under the mat' },
      { author: mei.id, now, key: 'w' }
    );
    await mei.write('me', word);
    await until('Zhou has it', () => zhou.read('me', `hub:delivered:${word._id}`));
    for (const path of [
      '/db/me/_all_docs?include_docs=true',
      '/db/me/_changes?include_docs=true',
      `/db/me/${word._id}`
    ]) {
      expect((await house.as(lin, 'GET', path)).text).not.toContain('under the mat');
    }
    for (const id of [`me-${mei.id}`, mei.id])
      expect((await house.as(lin, 'GET', `/db/${id}/_all_docs`)).status).toBe(404);
    const forged = {
      _id: `hub:delivered:${word._id}`,
      kind: 'delivered',
      v: 1,
      createdAt: now,
      updatedAt: now,
      subject: word._id,
      from: mei.id,
      record: word
    };
    const { json } = await house.as(lin, 'POST', '/db/me/_bulk_docs', { body: { docs: [forged, word] } });
    expect(json).toMatchObject([{ error: 'forbidden' }, { error: 'forbidden' }]);
  });

  it('[R13] keeps her checkpoints, and reads nobody else’s nor the hub’s own', async () => {
    const { lin, mei, db } = house;
    const put = await house.as(lin, 'PUT', `${db}/_local/point`, { body: { since: 'a secret place' } });
    expect(put.status).toBe(201);
    for (const id of ['point', `${lin.id}.point`, 'notary', 'delivery', `..${lin.id}.point`]) {
      expect([id, (await house.as(mei, 'GET', `${db}/_local/${id}`)).status]).toEqual([id, 404]);
    }
    const ids = ['_local/point', `_local/${lin.id}.point`, '_local/notary'];
    const docs = { body: { docs: ids.map((id) => ({ id })), keys: ids } };
    for (const path of ['/_bulk_get', '/_all_docs?include_docs=true']) {
      expect((await house.as(mei, 'POST', db + path, docs)).text).not.toContain('secret place');
    }
    expect(await house.refused(mei, [{ _id: '_local/notary', since: '0' }])).toMatchObject([
      forbidden('_local/notary')
    ]);
  });

  it('finds `__proto__` and `constructor` no way into the hub', async () => {
    const { lin, db } = house;
    const text = JSON.stringify(commentOf(lin, 'proto'));
    const odd = text.replace('{', '{"constructor":{"prototype":{"polluted":1}},');
    expect((await house.as(lin, 'PUT', `${db}/${lin.id}:comment:proto`, { raw: odd })).status).toBe(201);
    expect(await stored(`${lin.id}:comment:proto`)).toMatchObject({ constructor: { prototype: { polluted: 1 } } });
    const worse = text.replaceAll(':proto', ':proto2').replace('{', '{"__proto__":{"polluted":1},');
    expect((await house.as(lin, 'PUT', `${db}/${lin.id}:comment:proto2`, { raw: worse })).status).toBe(403);
    const nested = text.replaceAll(':proto', ':proto3').replace('{', '{"more":{"__proto__":{"polluted":1}},');
    expect((await house.as(lin, 'PUT', `${db}/${lin.id}:comment:proto3`, { raw: nested })).status).toBe(403);
    const raw = '{"__proto__":["1-a"],"constructor":["1-a"],"toString":["1-a"]}';
    expect((await house.as(lin, 'POST', `${db}/_revs_diff`, { raw })).status).toBe(200);
    const keys = ['__proto__', 'constructor', 'hasOwnProperty'];
    expect((await house.as(lin, 'POST', `${db}/_all_docs`, { body: { keys } })).json['rows']).toMatchObject(
      keys.map((key) => ({ key, error: 'not_found' }))
    );
    for (const id of keys) expect((await house.as(lin, 'GET', `${db}/${id}`)).status).toBe(404);
    expect(
      await house.refused(
        lin,
        keys.map((_id) => ({ _id }))
      )
    ).toMatchObject(keys.map(forbidden));
    await house.as(lin, 'PUT', `${db}/_local/proto`, { raw: '{"__proto__":{"polluted":1},"constructor":1}' });
    await house.as(null, 'POST', '/api/session', { raw: '{"__proto__":{"code":"000000"},"login":"lin"}' });
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect((await house.as(house.mei, 'GET', db)).status).toBe(200);
  });

  describe('counts on sums that run over', () => {
    const sums: [what: string, more: object][] = [
      ['a quantity of 0', { quantity: 0 }],
      ['a quantity below 0', { quantity: -5 }],
      ['half a thing', { quantity: 0.5 }],
      ['more than a lorry', { quantity: 10_000 }],
      ['2^53 things', { quantity: 2 ** 53 }],
      ['1e400 things', { quantity: 1e308 * 10 }],
      ['a price below 0', { price: { amountMinor: -1, currency: 'CNY' } }],
      ['a price beyond what is exact', { price: { amountMinor: 2 ** 53, currency: 'CNY' } }],
      ['a price as text', { price: { amountMinor: '1', currency: 'CNY' } }],
      ['terms beyond counting', { terms: 2 ** 53 }]
    ];
    it.each(sums)('%s is a refused row', async (_, more) => {
      const listing = { ...makeListing({ title: 'Oranges' }, { author: house.lin.id, now, key: 'sums' }), ...more };
      expect(await house.refused(house.lin, [listing])).toMatchObject([forbidden(listing._id)]);
    });
  });
});
