import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { node, root } from '../scripts/ground.js';

const startLimitMs = 30_000; // many times what a start takes, on a machine that is busy with browsers

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A hub as `npm start` runs it: a process of its own on its own data, which can be stopped, killed and started again. */
export type HubProcess = {
  readonly url: string;
  /** The one-use set-up link that the first start printed. */
  readonly setUpToken: string;
  readonly isRunning: boolean;
  /** All that it wrote for the operator since it was started last. */
  readonly log: string;
  readonly pid: number | undefined;
  /** On the same data, as it was; `version` names another folder of the project's, for an upgrade. */
  start(version?: string): Promise<void>;
  /** As Ctrl-C does; answers the exit code, null where it was not running. */
  stop(): Promise<number | null>;
  /** As the system does when memory runs out: the hub alone; its store has to notice by itself. */
  kill(): Promise<void>;
  /** As a power cut does: the hub and its store at once. */
  killAll(): Promise<void>;
  /** What `npm run hub -- …` says and how it ends, on the same settings. */
  command(...words: string[]): Promise<{ code: number | null; out: string; err: string }>;
  /** The directory of its data. */
  readonly data: string;
  remove(): Promise<void>;
};

export async function startHubProcess(env: Record<string, string> = {}, version = root): Promise<HubProcess> {
  const port = env.PORT ? Number(env.PORT) : await freePort();
  const data = await mkdtemp(join(tmpdir(), 'jujube-hub-'));
  const url = `http://localhost:${port}`;
  // On the embedded store unless the caller says otherwise, whatever this shell is set up for.
  const settings = { ...process.env, COUCHDB_URL: '', HUB_DATA: data, HUB_LIMITS: '100', ...env, PORT: String(port) };
  let child: ChildProcess | null = null;
  let setUpToken = '';
  let said = '';

  async function start(from = version): Promise<void> {
    version = from;
    const own = spawn(node, [join(version, 'src', 'server', 'main.ts')], {
      cwd: version,
      env: settings,
      stdio: ['ignore', 'pipe', 'pipe'],
      // A process group of its own, so that hub and store can be killed at one moment.
      detached: true
    });
    child = own;
    said = '';
    let up = false;
    own.stderr.on('data', (chunk) => (said += chunk));
    await new Promise<void>((resolve, reject) => {
      const limit = setTimeout(() => reject(new Error(`The hub did not start: ${said}`)), startLimitMs);
      own.once('exit', (code) => reject(new Error(`The hub ended with ${code}: ${said}`)));
      createInterface({ input: own.stdout }).on('line', (line) => {
        said += `${line}\n`;
        setUpToken = /^Set up: .*#(\S+)$/.exec(line)?.[1] ?? setUpToken;
        // The set-up link stands on the line after the address, and some line always does.
        if (up) {
          clearTimeout(limit);
          resolve();
        }
        up ||= line.startsWith('Jujube: ');
      });
    });
  }

  async function end(signal: NodeJS.Signals, whom: 'hub' | 'group' = 'hub'): Promise<number | null> {
    const own = child;
    child = null;
    if (!own || own.exitCode !== null) return null;
    const ended = once(own, 'exit');
    process.kill(whom === 'group' ? -own.pid! : own.pid!, signal);
    const [code] = (await ended) as [number | null];
    return code;
  }

  // A group of its own hears no Ctrl-C of the terminal's; it ends with the tests all the same.
  process.once('exit', () => child?.kill('SIGKILL'));

  await start();
  return {
    url,
    get setUpToken() {
      return setUpToken;
    },
    get log() {
      return said;
    },
    get isRunning() {
      return child !== null;
    },
    get pid() {
      return child?.pid;
    },
    start,
    stop: () => end('SIGTERM'),
    async kill() {
      await end('SIGKILL');
    },
    async killAll() {
      await end('SIGKILL', 'group');
    },
    async command(...words) {
      const own = spawn(node, [join(root, 'src', 'server', 'cli', 'hub.ts'), ...words], { cwd: root, env: settings });
      const said = { out: '', err: '' };
      own.stdout.on('data', (chunk) => (said.out += chunk));
      own.stderr.on('data', (chunk) => (said.err += chunk));
      const [code] = (await once(own, 'close')) as [number | null];
      return { code, ...said };
    },
    data,
    async remove() {
      await end('SIGTERM');
      await rm(data, { recursive: true, force: true });
    }
  };
}
