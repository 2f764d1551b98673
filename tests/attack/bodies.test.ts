import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { onEveryBackend } from '../start-hub.ts';
import { commentOf, openHouse, type House } from './house.ts';

onEveryBackend('bodies that are no bodies', (startStore) => {
  let house: House;
  beforeAll(async () => {
    house = await openHouse(startStore);
  });
  afterAll(() => house.stop());

  it('of JSON that is broken, odd or 100,000 deep are 400, under /db and /api, and nothing is stored', async () => {
    const { lin, db, circle } = house;
    const before = await house.everything();
    const deep = (open: string) => open.repeat(100_000 / open.length);
    const raws = [
      '{',
      '[]',
      '"x"',
      'null',
      '{"docs":7}',
      '{"docs":[null]}',
      '{"docs":[{"_id":7}]}',
      '{"docs":[],"new_edits":1}'
    ];
    for (const raw of [...raws, `{"docs":${deep('[')}`, `{"docs":[${deep('{"a":')}`, '\ufeff{}', '{"docs":NaN}']) {
      const { status, json } = await house.as(lin, 'POST', `${db}/_bulk_docs`, { raw });
      expect([raw.slice(0, 20), status, json['error']]).toEqual([raw.slice(0, 20), 400, 'bad_request']);
    }
    const closed = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
    const record = `{"_id":"hub:circle:self","signature":"x","deep":${closed}}`;
    for (const [path, raw] of [
      [`/api/circles/${circle}/returned`, `{"records":[${record}]}`],
      ['/api/circles', `{"name":"x","circleKind":"circle","more":${closed.slice(25_000, 75_000)}}`]
    ] as const) {
      const { status, json } = await house.as(lin, 'POST', path, { raw });
      expect([path, status, json['error']]).toMatchObject([path, 400, { code: 'bad-json' }]);
    }
    expect(await house.everything()).toBe(before);
  });

  it('of bytes that are no UTF-8, of another type or packed are refused before anything is unpacked', async () => {
    const { lin, db } = house;
    const bytes = Buffer.from(`{"docs":[{"_id":"${lin.id}:comment:x","text":"\xff\xfe"}]}`, 'latin1');
    expect((await house.as(lin, 'POST', `${db}/_bulk_docs`, { raw: bytes })).status).toBe(400);
    const bomb = gzipSync(Buffer.alloc(20 * 1024 * 1024, 32));
    for (const path of [`${db}/_bulk_docs`, '/api/circles']) {
      const packed = await house.as(lin, 'POST', path, { raw: bomb, headers: { 'content-encoding': 'gzip' } });
      expect([path, [400, 415].includes(packed.status)]).toEqual([path, true]);
      for (const type of [
        'text/plain',
        'application/x-www-form-urlencoded',
        'multipart/form-data; boundary=x',
        'application/jsonp'
      ]) {
        const { status } = await house.as(lin, 'POST', path, { raw: '{}', headers: { 'content-type': type } });
        expect([path, type, status]).toEqual([path, type, 415]);
      }
    }
  });

  it('of JSON with a key twice are stored as they were checked: by the last', async () => {
    const { lin, mei, db } = house;
    const own = JSON.stringify(commentOf(lin, 'twice', 'the last'));
    const twice = own.replace('{', `{"_id":"${mei.id}:comment:twice","text":"the first",`);
    expect((await house.as(lin, 'POST', `${db}/_bulk_docs`, { raw: `{"docs":[${twice}]}` })).json).toMatchObject([
      { ok: true }
    ]);
    expect(await mei.read(house.circle, `${lin.id}:comment:twice`)).toMatchObject({ text: 'the last' });
    expect(await mei.read(house.circle, `${mei.id}:comment:twice`)).toBeNull();
    const inDocs = `{"docs":[],"docs":[${JSON.stringify({ ...house.meis, text: 'forged' })}],"docs":[]}`;
    expect((await house.as(lin, 'POST', `${db}/_bulk_docs`, { raw: inDocs })).json).toEqual([]);
  });

  it('asking for the newest of what nobody has get a normal answer, and the database lives on', async () => {
    const { lin, db, meis } = house;
    const docs = [
      { id: meis._id, rev: '99-unknown' },
      { id: meis._id, rev: 'no revision' },
      { id: 'mei:comment:none', rev: '1-a' },
      { id: meis._id, rev: `7-${'0'.repeat(32)}` }
    ];
    const { status, text } = await house.as(lin, 'POST', `${db}/_bulk_get?latest=true&revs=true`, { body: { docs } });
    expect([status, text.match(/"not_found"/g)?.length]).toEqual([200, 4]);
    for (const query of ['?latest=true&rev=99-unknown', '?latest=true&open_revs=["99-unknown"]']) {
      expect((await house.as(lin, 'GET', `${db}/${meis._id}${query}`)).status).toBeLessThan(500);
    }
    expect((await house.as(lin, 'GET', `${db}/${meis._id}`)).status).toBe(200);
  });

  it('that stand still while they are sent take a member no more memory than four batches, and nobody else’s turn', async () => {
    const { lin, mei, db } = house;
    const waiting = await Promise.all(Array.from({ length: 12 }, () => slowBody(house, lin, 7 * 1024 * 1024)));
    expect((await house.as(mei, 'GET', db)).status).toBe(200);
    const statuses = await Promise.all(waiting.map(({ finish }) => finish()));
    // Broken JSON is what the whole ones turn out to be. Whoever is done makes room for the next, so that how many there are in the end
    // is the machine's affair; that some found none is not.
    const whole = statuses.filter((status) => status === 400).length;
    expect([whole >= 1, whole < statuses.length]).toEqual([true, true]);
    expect(statuses.filter((status) => status === 429)).toHaveLength(statuses.length - whole);
    expect((await house.as(lin, 'POST', `${db}/_bulk_docs`, { body: { docs: [] } })).status).toBe(201);
  });
});

/** A body of which all but the last byte has been sent; `finish` sends that and answers the status. */
async function slowBody({ hub, db }: House, { cookie }: { cookie: string }, bytes: number) {
  const { request } = await import('node:http');
  const headers = { cookie, 'content-type': 'application/json', 'content-length': bytes };
  const asked = request(`${hub.url}${db}/_bulk_docs`, { method: 'POST', headers, agent: false });
  const status = new Promise<number>((resolve, reject) => {
    asked.on('response', (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    asked.on('error', reject);
  });
  await new Promise<void>((resolve) => asked.write(Buffer.alloc(bytes - 1, 'x'), () => resolve()));
  return {
    finish() {
      asked.end('x');
      return status;
    }
  };
}
