import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Connect, Plugin } from 'vite';
import { root } from './ground.js';

type Handle = (req: IncomingMessage, res: ServerResponse) => void;

const ours = /^\/(api|db|s)(\/|\?|$)/;

/** Node itself loads the hub, by a name made at run time, so that Vite does not bundle a second copy of it. */
function server<T>(file: string): Promise<T> {
  return import(pathToFileURL(join(root, 'src', 'server', file)).href) as Promise<T>;
}

async function openHub(port: number) {
  const { readEnv } = await server<typeof import('../src/server/env.ts')>('env.ts');
  const { openDatabase } = await server<typeof import('../src/server/database.ts')>('database.ts');
  const { createHub } = await server<typeof import('../src/server/hub.ts')>('hub.ts');
  const { createLog } = await server<typeof import('../src/server/log.ts')>('log.ts');
  const settings = readEnv({ ...process.env, PORT: String(port) });
  if (!settings.ok) throw new Error(settings.faults.join('\n'));
  const log = createLog();
  const database = await openDatabase(settings.env, log);
  const { couch } = database;
  const hub = await createHub({ env: settings.env, couch, clock: Date.now, random: randomBytes, log });
  if (hub.setupToken) console.log(`Set up: ${settings.env.origin}/setup#${hub.setupToken}`);
  return {
    handle: hub.handle,
    async close() {
      await hub.close();
      await database.close();
    }
  };
}

/** Answers the hub's paths on Vite's own port; everything else stays Vite's. */
function mount(middlewares: Connect.Server, http: Server | null) {
  let handle: Handle | null = null;
  http?.once('listening', async () => {
    const hub = await openHub((http.address() as AddressInfo).port);
    handle = hub.handle;
    http.once('close', () => void hub.close());
  });
  middlewares.use((req, res, next) => {
    if (!ours.test(req.url ?? '')) return next();
    if (handle) return handle(req, res);
    res.writeHead(503, { 'retry-after': '1' }).end();
  });
}

/** The hub inside `vite dev` and `vite preview`, on `HUB_DATA` or ./data: what `npm start` runs, without its own server. */
export function hubPlugin(): Plugin {
  return {
    name: 'jujube-hub',
    configureServer: ({ middlewares, httpServer }) => mount(middlewares, httpServer as Server | null),
    configurePreviewServer: ({ middlewares, httpServer }) => mount(middlewares, httpServer as Server)
  };
}
