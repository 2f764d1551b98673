import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { Agent, createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';

/** One origin for the bench's pages, a hub and its store, as far away as `delayMs` each way. */
export type Front = {
  readonly url: string;
  readonly port: number;
  /** Where everything but the pages comes from. */
  hub: string | null;
  /** Where `/store/<database>` comes from: the store's own port, past the gate. */
  store: string | null;
  delayMs: number;
  close(): Promise<void>;
};

const types: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };

export async function openFront(folder: string): Promise<Front> {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const server = createServer((req, res) => {
    answer(req, res).catch((error: unknown) => {
      if (!res.headersSent) res.writeHead(502);
      res.end(String(error));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const front: Front = {
    url: `http://localhost:${port}`,
    port,
    hub: null,
    store: null,
    delayMs: 0,
    async close() {
      server.closeAllConnections();
      agent.destroy();
      await new Promise((resolve) => server.close(resolve));
    }
  };

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const path = req.url ?? '/';
    if (path.startsWith('/bench/')) return sendFile(res, path);
    const isStore = path.startsWith('/store/');
    const target = isStore ? front.store : front.hub;
    if (target === null) return void res.writeHead(404).end();
    const { hostname, port, username, password } = new URL(target);
    const headers = { ...req.headers };
    if (isStore) headers.authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    await late();
    const upstream = request({
      agent,
      hostname,
      port,
      method: req.method,
      path: isStore ? path.slice('/store'.length) : path,
      headers
    });
    res.on('close', () => upstream.destroy());
    upstream.on('error', () => res.destroy());
    upstream.on('response', (answered) => {
      void late().then(() => res.writeHead(answered.statusCode ?? 502, answered.headers).flushHeaders());
      answered.on('data', (chunk: Buffer) => void late().then(() => res.write(chunk)));
      answered.on('end', () => void late().then(() => res.end()));
    });
    req.pipe(upstream);
  }

  async function sendFile(res: ServerResponse, path: string): Promise<void> {
    const name = normalize(path.slice('/bench/'.length).split('?')[0]!);
    if (name.startsWith('..')) return void res.writeHead(404).end();
    const bytes = await readFile(join(folder, name)).catch(() => null);
    if (!bytes) return void res.writeHead(404).end();
    res.writeHead(200, { 'content-type': types[extname(name)] ?? 'application/octet-stream' }).end(bytes);
  }

  // Timers of one length end in the order in which they began, so nothing overtakes anything on the way.
  async function late(): Promise<void> {
    if (front.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, front.delayMs));
  }

  return front;
}
