import { channel } from 'node:diagnostics_channel';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { onEveryBackend } from '../start-hub.ts';
import { openHouse, rawGet, sendRaw, type House } from './house.ts';

const code = 'function (doc) { emit(doc._id) }';
const design = { _id: '_design/x', views: { all: { map: code } }, validate_doc_update: code, filters: { all: code } };

onEveryBackend('a member who wants more of the database than the gate gives', (startStore) => {
  let house: House;
  let trap: Server;
  let trapUrl: string;
  let trapped = 0;
  /** Where this process connected to: the database and the hub alone. */
  const connectedTo = new Set<string>();
  const note = (message: unknown) => {
    const { socket } = message as { socket: Socket };
    socket.once('connect', () => connectedTo.add(`${socket.remoteAddress}:${socket.remotePort}`));
  };

  beforeAll(async () => {
    house = await openHouse(startStore);
    trap = createServer((socket) => {
      trapped += 1;
      socket.destroy();
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => trap.once('listening', resolve));
    trapUrl = `http://127.0.0.1:${(trap.address() as AddressInfo).port}/evil`;
    channel('net.client.socket').subscribe(note);
  });
  afterAll(async () => {
    channel('net.client.socket').unsubscribe(note);
    trap.close();
    await house.stop();
  });

  it('gets no design document in, by whatever door', async () => {
    const { db, lin } = house;
    const before = await house.everything();
    const doors: [method: string, path: string, body: unknown][] = [
      ['PUT', '/_design/x', design],
      ['PUT', '/_design%2Fx', design],
      ['PUT', '/%5Fdesign%2Fx', design],
      ['PUT', '/_design/x?new_edits=false', { ...design, _rev: '1-a' }],
      ['DELETE', '/_design/x?rev=1-a', undefined],
      ['PUT', '/_local/../_design/x', design],
      ['POST', '', design],
      ['POST', '/_design/x/_update/x', {}],
      ['GET', '/_design/x/_view/all', undefined],
      ['GET', '/_changes?filter=_design', undefined],
      ['GET', '/_changes?filter=_view&view=x/all', undefined],
      ['GET', '/_changes?filter=_selector', undefined]
    ];
    for (const [method, path, body] of doors) {
      const { status } = await house.as(lin, method, db + path, { body });
      expect([method, path, status]).toEqual([
        method,
        path,
        expect.toSatisfy((s) => [400, 403, 404].includes(s as number))
      ]);
    }
    expect(await house.refused(lin, [design])).toMatchObject([{ id: design._id, error: 'forbidden' }]);
    expect(await house.refused(lin, [{ ...design, _rev: '1-a' }], false)).toMatchObject([{ error: 'forbidden' }]);
    expect(await house.everything()).toBe(before);
  });

  it('reaches nothing of the server’s: 404 everywhere, nothing stored, nobody connected to', async () => {
    const { db, lin, store } = house;
    const before = await house.everything();
    const outside = { source: trapUrl, target: house.circle };
    const names = [
      '_security',
      '_purge',
      '_compact',
      '_view_cleanup',
      '_find',
      '_index',
      '_explain',
      '_shards',
      '_missing_revs'
    ];
    const own = [
      ...names,
      '_ensure_full_commit',
      '_revs_limit',
      '_purged_infos_limit',
      '_sync_shards',
      '_design_docs',
      '_local_docs'
    ];
    for (const name of own) {
      for (const method of ['GET', 'POST', 'PUT']) {
        const body = method === 'GET' ? undefined : { selector: {}, admins: { names: [lin.id] } };
        expect([name, method, (await house.as(lin, method, `${db}/${name}`, { body })).status]).toEqual([
          name,
          method,
          404
        ]);
      }
    }
    const server = [
      '_users',
      '_config',
      '_replicate',
      '_replicator',
      '_all_dbs',
      '_session',
      '_up',
      '_node/_local/_config'
    ];
    for (const name of [
      ...server,
      '_dbs_info',
      '_scheduler/jobs',
      '_utils/',
      '_active_tasks',
      '_global_changes',
      '_reshard',
      'system'
    ]) {
      for (const path of [`/db/${name}`, `${db}/../${name}`, `${db}/%2e%2e/${name}`, `/${name}`]) {
        const get = await rawGet(house.hub.url, path, lin.cookie);
        expect([path, get?.text.includes('"couchdb"'), get?.text.includes(store.prefix)]).toEqual([path, false, false]);
        expect([path, path.startsWith('/db') ? get?.status : 404]).toEqual([path, 404]);
        const post = await sendRaw(
          house.hub.url,
          `POST ${path} HTTP/1.1\r\nhost: localhost\r\ncookie: ${lin.cookie}\r\ncontent-type: application/json\r\ncontent-length: ${
            JSON.stringify(outside).length
          }\r\nconnection: close\r\n\r\n${JSON.stringify(outside)}`
        );
        expect([path, [404, 405].includes(post?.status ?? 0)]).toEqual([path, true]);
      }
    }
    expect(await house.everything()).toBe(before);
    expect(trapped).toBe(0);
    const allowed = [house.hub.url, store.url].map((url) => new URL(url).port);
    expect([...connectedTo].filter((peer) => !allowed.includes(peer.split(':').at(-1)!))).toEqual([]);
  });

  it('names a database by no trick: dots, slashes, capitals, lookalikes, queries and long names are 404 or 400', async () => {
    const { circle, lin } = house;
    const c = circle.toUpperCase() === circle ? 'A1' : circle.toUpperCase();
    const bent = [
      `/db/${circle}/../me`,
      `/db/${circle}/..%2f..%2f_users`,
      `/db/%2e%2e/${circle}`,
      `/db/${circle}%2F_all_docs`,
      `/db//${circle}`,
      `/db/${circle}//_all_docs`,
      `/db/${c}`,
      `/db/${encodeURIComponent(circle)}%3Fx`,
      `/db/${circle}%00`,
      `/db/${circle};x`,
      `/db/${circle}\\_all_docs`,
      `/db/%EF%BC%8E%EF%BC%8E/_users`,
      `/db/${circle}%E2%80%A4`,
      `/db/me-${house.mei.id}/_all_docs`,
      `/db/c-${circle}/_all_docs`,
      `/db/${house.store.prefix}system/_all_docs`,
      `/db/${'a'.repeat(8_000)}`,
      `/db/${circle}/${'a'.repeat(8_000)}`,
      `/db/${circle}/_local/${'a'.repeat(200)}`,
      `/db/${circle}/_local/..`,
      `/db/${circle}/_local/%2e%2e`,
      `/db/${circle}/_local/x%2Fy`,
      `//db/${circle}`,
      `/DB/${circle}`,
      `/x/../db/${circle}`
    ];
    for (const path of bent) {
      const answer = await rawGet(house.hub.url, path, lin.cookie);
      const isPage = !path.startsWith('/db');
      expect([path.slice(0, 60), answer?.text.includes('doc_count')]).toEqual([path.slice(0, 60), false]);
      if (!isPage) expect([path.slice(0, 60), answer?.status]).toEqual([path.slice(0, 60), 404]);
    }
    for (const query of [
      '?circle=x',
      '?limit=1&limit=2',
      '?__proto__=1',
      '?include_docs=true&include_docs=false',
      '?feed=continuous'
    ])
      expect([query, (await house.as(lin, 'GET', `/db/${circle}/_changes${query}`)).status]).toEqual([query, 400]);
  });

  it('gets no second request through in the body of a first, and no header of the database’s', async () => {
    const head = `POST ${house.db}/_revs_diff HTTP/1.1\r\nhost: localhost\r\ncookie: ${house.lin.cookie}\r\ncontent-type: application/json\r\n`;
    const inner = `GET /api/me HTTP/1.1\r\nhost: localhost\r\ncookie: ${house.lin.cookie}\r\n\r\n`;
    for (const smuggled of [
      `${head}content-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n${inner}`,
      `${head}content-length: 2\r\ncontent-length: 3\r\n\r\n{}${inner}`,
      `${head}transfer-encoding: xchunked\r\n\r\n0\r\n\r\n${inner}`,
      `${head}transfer-encoding : chunked\r\n\r\n0\r\n\r\n${inner}`,
      `${head}x: a\r\n b\r\ncontent-length: 0\r\n\r\n${inner}`,
      `GET ${house.db} HTTP/1.1\nhost: localhost\n\n${inner}`
    ]) {
      const answer = await sendRaw(house.hub.url, smuggled);
      expect([smuggled.slice(head.length, head.length + 40), answer?.status, answer?.answers]).toEqual([
        smuggled.slice(head.length, head.length + 40),
        400,
        1
      ]);
    }
    const headers = {
      'x-auth-couchdb-username': 'admin',
      'x-auth-couchdb-roles': '_admin',
      'x-auth-couchdb-token': 'a'.repeat(64),
      'x-couch-full-commit': 'false',
      'x-http-method-override': 'DELETE',
      destination: '_design/x',
      authorization: `Basic ${Buffer.from('hub:secret').toString('base64')}`
    };
    expect((await house.as(null, 'GET', house.db, { headers })).status).toBe(401);
    const own = await house.as(house.lin, 'GET', house.db, { headers });
    expect([own.status, own.json['db_name']]).toEqual([200, house.circle]);
    const names = [...own.headers.keys()].filter((name) =>
      /^(server|x-couch.*|etag|location|set-cookie|access-control.*)$/.test(name)
    );
    expect([names, own.headers.get('cache-control')]).toEqual([[], 'private, no-store']);
  });
});
