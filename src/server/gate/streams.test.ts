import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { circle, describeGate } from './testing/circle-gate.ts';

describeGate(3, ({ gate, as }) => {
  it('ends the open streams of a removed member within 5 s, and keeps the others’', async () => {
    const stream = (person: string) =>
      openStream(gate().url, person, '/db/c302/_changes?feed=longpoll&since=now&heartbeat=1000');
    gate().join('c302', 'hao');
    gate().join('c302', 'fang');
    const [cut, watched, kept] = [await stream('hao'), await stream('fang'), await stream('mei')];
    gate().members.get('c302')!.delete('hao');
    gate().gate.cut('c302', 'hao');
    gate().members.get('c302')!.delete('fang');
    await Promise.race([
      Promise.all([cut.ended, watched.ended]),
      sleep(5_000).then(() => Promise.reject(new Error('still open')))
    ]);
    expect(kept.isOpen()).toBe(true);
    kept.close();
    expect((await as('hao', 'GET', `${circle}/_changes`)).status).toBe(404);
  });

  it('ends the open streams of whoever signed out', async () => {
    gate().join('c302', 'xiaoyu');
    const open = await openStream(gate().url, 'xiaoyu', '/db/c302/_changes?feed=longpoll&since=now&heartbeat=1000');
    gate().ended.add('xiaoyu');
    await Promise.race([open.ended, sleep(5_000).then(() => Promise.reject(new Error('still open')))]);
    expect((await as('xiaoyu', 'GET', circle)).status).toBe(401);
  });

  it('bounds how many streams one person may hold open, and others do not feel it', async () => {
    const statuses: number[] = [];
    const streams = await Promise.all(
      Array.from({ length: 60 }, async () => {
        const stream = await openStream(gate().url, 'zhou', '/db/c302/_changes?feed=longpoll&since=now&heartbeat=1000');
        statuses.push(stream.status);
        return stream;
      })
    );
    expect(statuses.filter((status) => status === 429).length).toBe(60 - 24);
    expect((await as('lin', 'GET', circle)).status).toBe(200);
    for (const stream of streams) stream.close();
  });
});

type Stream = { status: number; ended: Promise<unknown>; isOpen(): boolean; close(): void };

async function openStream(url: string, person: string, path: string): Promise<Stream> {
  const request = httpRequest(url + path, { headers: { cookie: `jujube_session=${person}` }, agent: false });
  request.on('error', () => {});
  request.end();
  const [response] = (await once(request, 'response')) as [import('node:http').IncomingMessage];
  response.resume();
  response.on('error', () => {});
  let open = true;
  const ended = new Promise<void>((resolve) => response.on('close', resolve)).then(() => (open = false));
  return { status: response.statusCode ?? 0, ended, isOpen: () => open, close: () => request.destroy() };
}
