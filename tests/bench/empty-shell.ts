import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { node, root } from '../../scripts/ground.js';
import type { Bench } from './kit.ts';

type Handler = Parameters<typeof createServer>[1];

/** Builds the empty Kit app and serves it as the hub serves its own; `stop` takes the server away. */
export async function startEmptyShell(bench: Bench): Promise<{ url: string; stop(): Promise<void> }> {
  const cwd = join(root, 'tests', 'bench', 'empty-shell');
  // Inside the project, since what is built still asks for packages.
  const folder = join(cwd, '.svelte-kit');
  bench.onClose(() => rm(folder, { recursive: true, force: true }));
  const building = spawn(node, [join(root, 'node_modules', 'vite', 'bin', 'vite.js'), 'build', '--logLevel', 'error'], {
    cwd,
    stdio: ['ignore', 2, 2]
  });
  const [code] = (await once(building, 'exit')) as [number];
  if (code !== 0) throw new Error(`The empty shell could not be built: vite ended with ${code}`);
  const { handler } = (await import(pathToFileURL(join(folder, 'build', 'handler.js')).href)) as { handler: Handler };
  const server = createServer(handler);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const stop = async () => {
    server.closeAllConnections();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  };
  bench.onClose(stop);
  return { url: `http://localhost:${(server.address() as AddressInfo).port}`, stop };
}
