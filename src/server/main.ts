import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import encodeQr from 'qr';
import { openDatabase } from './database.ts';
import { localOrigin, readEnv, type HubEnv } from './env.ts';
import { ApiError } from './errors.ts';
import { sendError } from './http.ts';
import { createHub, type Hub } from './hub.ts';
import { createLog } from './log.ts';
import type { Page } from './pages.ts';

/** Long enough for the largest batch on a slow disk, and half of what service managers and `docker stop` allow (deploy/compose.yaml). */
const graceMs = 10_000;
/** How often connections that have become idle are closed while the hub stops. */
const idleLookMs = 50;
/** Longer than a proxy keeps an idle connection, so that it is never the hub that hangs up just as a request comes. */
const keepAliveMs = 75_000;

/** The head of a request is one packet; whoever takes longer holds a connection for nothing. */
const headersMs = 20_000;

const log = createLog();

function giveUp(sentence: string): never {
  console.error(sentence);
  process.exit(1);
}

async function listen(server: Server, { host, port }: HubEnv): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') {
        reject(
          new Error(`Port ${port} is taken. Stop what uses it, or choose another one: PORT=${port + 1} npm start`)
        );
      } else if (error.code === 'EACCES') {
        reject(new Error(`Port ${port} is not allowed here. Choose one above 1023: PORT=3000 npm start`));
      } else reject(new Error(`The hub cannot listen on ${host}, port ${port}: ${error.message}`));
    });
    server.listen(port, host, resolve);
  });
  return (server.address() as AddressInfo).port;
}

/** Kit's handler, once the app is built. It reads its settings from the environment when it is loaded. */
async function loadPage(origin: string): Promise<Page | undefined> {
  const built = new URL('../../build/handler.js', import.meta.url);
  if (!existsSync(built)) return undefined;
  process.env['ORIGIN'] = origin;
  const { handler } = (await import(built.href)) as { handler: Page };
  return handler;
}

function greet({ origin, host }: HubEnv, { setupToken }: Hub): void {
  console.log(`Jujube: ${origin}`);
  if (setupToken) console.log(`Set up: ${origin}/setup#${setupToken}`);
  const { protocol, hostname } = new URL(origin);
  if (protocol === 'https:') {
    console.log(`\nPhones: open ${origin}, or scan\n\n${encodeQr(origin, 'term')}`);
    return;
  }
  const isHere = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  if (!isHere)
    console.log(`Over plain http phones cannot keep the app offline: ${origin} will say so and show nothing else.`);
  console.log('Phones need an https address: a domain with Caddy, a tunnel, or a private CA (README, "On phones").');
  console.log(
    host === '127.0.0.1' || host === 'localhost'
      ? 'For now the hub answers on this machine alone. Set ORIGIN to its https address once there is one.'
      : 'Set ORIGIN to that address once there is one.'
  );
}

async function run(settings: HubEnv): Promise<void> {
  let hub: Hub | null = null;
  const server = createServer((req, res) => {
    if (hub) hub.handle(req, res);
    else sendError(req, res, new ApiError('starting'));
  });
  server.keepAliveTimeout = keepAliveMs;
  server.headersTimeout = headersMs;
  const port = await listen(server, settings);
  const isOwnPort = settings.port === 0 && settings.origin === localOrigin(0);
  const env = isOwnPort ? { ...settings, port, origin: localOrigin(port) } : settings;

  const [database, page] = await Promise.all([openDatabase(env, log), loadPage(env.origin)]);
  hub = await createHub({
    env,
    couch: database.couch,
    clock: Date.now,
    random: randomBytes,
    log,
    page,
    storeRestarts: database.restarts
  });
  const running = hub;

  let stopping = false;
  const stop = async (code: number): Promise<void> => {
    if (stopping) return;
    stopping = true;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    running.drain();
    // A connection that was answering when the listening ended is idle only later.
    const idle = setInterval(() => {
      running.drain();
      server.closeIdleConnections();
    }, idleLookMs);
    const late = setTimeout(() => {
      log.error(
        {},
        'requests were still being answered 10 s after the hub was told to stop; they are cut, and devices send them again'
      );
      server.closeAllConnections();
    }, graceMs);
    await closed;
    clearInterval(idle);
    clearTimeout(late);
    await running.close();
    await database.close();
    log.info({}, 'the hub has stopped');
    process.exit(code);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(0));
  process.on('uncaughtException', (error) => {
    log.fatal({ error: error.stack }, 'a fault that nobody expected; the hub stops so that it can be started afresh');
    void stop(1);
  });
  // Last, so that whoever reads that the hub is up can tell it to stop and is heard.
  greet(env, running);
  log.info({ port, backend: env.couchUrl ? 'couchdb' : 'embedded', notary: env.notary }, 'the hub is up');
}

const settings = readEnv(process.env);
if (!settings.ok)
  giveUp(`The hub cannot start with these settings:\n${settings.faults.map((fault) => `- ${fault}`).join('\n')}`);
await run(settings.env).catch((error: Error) => giveUp(error.message));
