import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Transform } from 'node:stream';
import { root } from '../../scripts/ground.js';
import { startHubProcess, type HubProcess } from '../hub-process.ts';
import { startBackend } from '../journeys/backend.ts';
import { test as journey } from '../journeys/journey.ts';

export type Fate = 'arrives' | 'request lost' | 'answer lost';
export type Asked = { method: string; path: string };

/** What a real proxy between phones and hub does to each request; the hub's own address is the proxy's. */
export type BadLine = {
  readonly url: string;
  fate: (asked: Asked) => Fate;
  /** Before a request goes on. */
  delayMs: number;
  /** Of each answer. */
  bytesPerSecond: number;
  /** How many requests met which fate. */
  readonly met: Record<Fate, number>;
};

const fine = { fate: (_asked: Asked): Fate => 'arrives', delayMs: 0, bytesPerSecond: Infinity };
export const makeFine = (line: BadLine) => Object.assign(line, fine);

async function openLine(): Promise<BadLine & { hub: string; close(): Promise<void> }> {
  const server = createServer((req, res) => {
    const fate = line.fate({ method: req.method ?? '', path: req.url ?? '' });
    line.met[fate]++;
    if (fate === 'request lost') return void req.socket.destroy();
    setTimeout(() => forward(req, res, fate), line.delayMs);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const line = {
    ...fine,
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    hub: '',
    met: { arrives: 0, 'request lost': 0, 'answer lost': 0 },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  };

  function forward(req: IncomingMessage, res: ServerResponse, fate: Fate): void {
    const onward = request(line.hub + req.url, { method: req.method, headers: req.headers });
    onward.on('error', () => req.socket.destroy());
    res.on('close', () => onward.destroy());
    onward.on('response', (answer) => {
      answer.on('error', () => req.socket.destroy());
      // The hub has done it and said so; nobody hears it.
      if (fate === 'answer lost') return void answer.resume().on('end', () => req.socket.destroy());
      res.writeHead(answer.statusCode ?? 502, answer.headers);
      res.flushHeaders();
      answer.pipe(slowed(line.bytesPerSecond)).pipe(res);
    });
    req.pipe(onward);
  }
  return line;
}

function slowed(bytesPerSecond: number): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (bytesPerSecond === Infinity) done(null, chunk);
      else setTimeout(() => done(null, chunk), (chunk.length / bytesPerSecond) * 1_000);
    }
  });
}

/** Journeys whose phones reach the hub over a line that a test makes bad. */
export const test = journey.extend<{ line: BadLine & { hub: string }; version: string }>({
  version: root,
  line: async ({}, use) => {
    const line = await openLine();
    await use(line);
    await line.close();
  },
  hub: async ({ line, version }, use) => {
    const backend = await startBackend();
    const hub = await startHubProcess({ ...backend.env, ORIGIN: line.url }, version);
    line.hub = hub.url;
    // The same hub under the address that phones know it by.
    await use(Object.create(hub, { url: { value: line.url } }) as HubProcess);
    await hub.remove();
    await backend.remove();
  }
});
