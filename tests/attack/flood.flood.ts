import { once } from 'node:events';
import { Agent, request, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { HubProcess } from '../hub-process.ts';
import { moveIn, type Person } from '../people.ts';
import { onEveryBackendAsProcess } from '../start-hub.ts';
import { until } from '../until.ts';
import { commentOf } from './house.ts';

const token = 'jujubes for everybody';
const mebibyte = 1024 * 1024;

/** What a hub may hold for a while when 8 MB bodies come and go; a leak of a flood's own size would be ten times this. */
const flatWithin = 160 * mebibyte;
/** What others may feel of it on two cores that are busy with the flood itself. */
const patienceMs = 3_000;

/** The limits that hubs have. */
const limits = { HUB_LIMITS: '1', METRICS_TOKEN: token };

onEveryBackendAsProcess(
  'a flood',
  (startHub) => {
    let hub: HubProcess;
    let circle: string;
    let db: string;
    let lin: Person;
    let mei: Person;
    let fang: Person;
    let hao: Person;

    beforeAll(async () => {
      hub = await startHub();
      const household = await moveIn(hub.url, { setup: hub.setUpToken, names: ['Lin', 'Mei', 'Fang', 'Hao'] });
      ({ circle } = household);
      db = `/db/${circle}`;
      [lin, mei, fang, hao] = household.people;
    });
    afterAll(() => hub.remove());

    const figures = async () =>
      (await fetch(`${hub.url}/api/metrics`, { headers: { authorization: `Bearer ${token}` } })).text();
    const figure = async (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(await figures())?.[1]);
    const memory = () => figure('process_resident_memory_bytes');
    const streams = () => figure('jujube_open_requests\\{part="stream"\\}');

    /** Mei goes on as if nothing were; answers how long she waited at most. */
    const meanwhile = async (flood: Promise<unknown>): Promise<number> => {
      let over = false;
      let longestMs = 0;
      const done = flood.finally(() => (over = true));
      for (let turn = 0; !over || turn < 3; turn++) {
        const from = performance.now();
        const doc = commentOf(mei, `${Math.random().toString(36).slice(2)}`);
        expect((await mei.call('POST', `${db}/_bulk_docs`, { docs: [doc] })).status).toBe(201);
        longestMs = Math.max(longestMs, performance.now() - from);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      await done;
      return longestMs;
    };

    const post = (person: Person, path: string, raw: string) =>
      fetch(hub.url + path, {
        method: 'POST',
        headers: { cookie: person.cookie, 'content-type': 'application/json' },
        body: raw
      });

    it('of 5,000 streams by one member gets her 24, and the others their answers', async () => {
      const agent = new Agent({ keepAlive: false, maxSockets: Infinity });
      const before = await memory();
      const statuses = new Map<number, number>();
      const open: IncomingMessage[] = [];
      const ask = async () => {
        const asked = request(`${hub.url}${db}/_changes?feed=longpoll&since=now&timeout=60000`, {
          headers: { cookie: lin.cookie },
          agent
        });
        asked.on('error', () => {});
        asked.end();
        const [response] = (await once(asked, 'response')) as [IncomingMessage];
        response.on('error', () => {});
        statuses.set(response.statusCode!, (statuses.get(response.statusCode!) ?? 0) + 1);
        if (response.statusCode === 200) open.push(response);
        else response.resume();
      };
      const flood = async () => {
        for (let wave = 0; wave < 10; wave++) await Promise.all(Array.from({ length: 500 }, ask));
      };
      // Mei writes into the circle, which ends the streams that wait for it: what is open at once is what counts.
      await flood();
      expect(statuses.get(200)).toBe(24);
      expect(statuses.get(429)).toBe(5_000 - 24);
      expect(await streams()).toBe(24);
      expect(await meanwhile(Promise.resolve())).toBeLessThan(patienceMs);
      expect((await memory()) - before).toBeLessThan(flatWithin);
      for (const response of open) response.destroy();
      await until('the hub has let go of them', async () => (await streams()) === 0);
    });

    it('of 5,000 streams by strangers is 5,000 times 401, and of doorbells by one member her twenty', async () => {
      const before = await memory();
      const statuses = async (count: number, cookie: string) => {
        const seen: number[] = [];
        const open: IncomingMessage[] = [];
        for (let wave = 0; wave < count / 500; wave++) {
          await Promise.all(
            Array.from({ length: 500 }, async () => {
              const asked = request(`${hub.url}/api/doorbell`, { headers: { cookie }, agent: false });
              asked.on('error', () => {});
              asked.end();
              const [response] = (await once(asked, 'response')) as [IncomingMessage];
              response.on('error', () => {});
              response.resume();
              seen.push(response.statusCode!);
              open.push(response);
            })
          );
        }
        for (const response of open) response.destroy();
        return seen;
      };
      expect(new Set(await statuses(5_000, ''))).toEqual(new Set([401]));
      expect((await statuses(500, lin.cookie)).filter((status) => status === 200)).toHaveLength(20);
      expect((await memory()) - before).toBeLessThan(flatWithin);
    });

    it('of 1,000,000 ids, 100,000 documents, 10 MB and 100,000 brackets is 413 and 400, and memory stays flat', async () => {
      const many = (count: number, each: (index: number) => string) =>
        Array.from({ length: count }, (_, index) => each(index)).join();
      const bodies: [path: string, raw: string, status: number][] = [
        ['/_all_docs', `{"keys":[${many(1_000_000, () => '"lin"')}]}`, 413],
        ['/_changes?filter=_doc_ids', `{"doc_ids":[${many(1_000_000, () => '"lin"')}]}`, 413],
        ['/_bulk_get', `{"docs":[${many(500_000, () => '{"id":"x"}')}]}`, 413],
        ['/_revs_diff', `{${many(500_000, (index) => `"${index}":[]`)}}`, 413],
        // More than anybody's allowance: the rate says so before a single one is looked at.
        ['/_bulk_docs', `{"docs":[${many(100_000, () => '{"_id":"x"}')}]}`, 429],
        ['/_bulk_docs', JSON.stringify({ docs: [commentOf(lin, 'large', 'x'.repeat(10 * mebibyte))] }), 413],
        ['/_bulk_docs', `{"docs":${'['.repeat(100_000)}`, 400],
        ['/_bulk_docs', `{"docs":[{"_id":"x","a":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}}]}`, 400]
      ];
      // What the first turn needs is kept for the next.
      for (const [path, raw] of bodies) await (await post(fang, db + path, raw)).text();
      const before = await memory();
      const flood = async () => {
        for (let turn = 0; turn < 4; turn++) {
          for (const [path, raw, status] of bodies) {
            const answer = await post(fang, db + path, raw);
            expect([path, answer.status]).toEqual([path, status]);
            await answer.text();
          }
        }
      };
      expect(await meanwhile(flood())).toBeLessThan(patienceMs);
      expect((await memory()) - before).toBeLessThan(flatWithin);
    });

    it('of readers who do not read is bounded for each member', async () => {
      const docs = Array.from({ length: 100 }, (_, index) => commentOf(mei, `large-${index}`, 'x'.repeat(30_000)));
      // More than the system's own buffers between the two would take.
      for (let batch = 0; batch < 8; batch++) {
        const more = docs.map((doc) => ({ ...doc, _id: `${doc._id}-${batch}` }));
        expect(await mei.write(circle, ...more)).toEqual([]);
      }
      const before = await memory();
      const sockets: Socket[] = [];
      const head = `GET ${db}/_all_docs?include_docs=true HTTP/1.1\r\nhost: localhost\r\ncookie: ${hao.cookie}\r\n\r\n`;
      for (let index = 0; index < 400; index++) {
        const socket = connect(Number(new URL(hub.url).port), 'localhost', () => socket.write(head));
        socket.on('error', () => {});
        // Never read: the answer stays in the hub, or rather in the database.
        socket.pause();
        sockets.push(socket);
      }
      await until('a hundred are under way', async () => (await figure('jujube_open_requests\\{part="db"\\}')) === 100);
      expect(await meanwhile(Promise.resolve())).toBeLessThan(patienceMs);
      expect((await memory()) - before).toBeLessThan(flatWithin);
      // Those under way and those that wait in line end with the membership.
      const removedAt = Date.now();
      expect((await lin.call('DELETE', `/api/circles/${circle}/members/${hao.id}`)).status).toBe(204);
      await until('they have ended', async () => (await figure('jujube_open_requests\\{part="db"\\}')) === 0);
      expect(Date.now() - removedAt).toBeLessThan(5_000);
      for (const socket of sockets) socket.destroy();
    });

    it('of 1,000 connections that never end their first line is hung up on within a minute, and nobody waits for it', async () => {
      const before = await memory();
      const sockets = await Promise.all(
        Array.from({ length: 1_000 }, async () => {
          const socket = connect(Number(new URL(hub.url).port), 'localhost');
          socket.on('error', () => {});
          await once(socket, 'connect');
          socket.write('GET /api/me HTTP/1.1\r\nhost: ');
          socket.resume();
          return socket;
        })
      );
      expect(await meanwhile(Promise.resolve())).toBeLessThan(patienceMs);
      await Promise.all(sockets.map((socket) => (socket.destroyed ? undefined : once(socket, 'close'))));
      expect((await memory()) - before).toBeLessThan(flatWithin);
    });
  },
  limits
);
