import { fork, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import type { Orders, Report } from './child.ts';

export type Embedded = {
  /** `http://user:secret@127.0.0.1:port`, the same for as long as it runs, restarts included. */
  url: string;
  /** The child's process, another after each restart. */
  readonly pid: number | undefined;
  /** How often it ended by itself since this process began. */
  readonly restarts: number;
  /** Resolves when the child has closed its files and ended. */
  stop(): Promise<void>;
};

export type EmbeddedLog = {
  info(fields: object, message: string): void;
  error(fields: object, message: string): void;
};

const program = new URL('./child.ts', import.meta.url);

// A store that dies again at once is not restarted in a tight loop.
const restartDelayMs = { first: 50, longest: 5_000 };

// One that ran this long had recovered.
const settledAfterMs = 10_000;

/** Starts the embedded store on `directory` and keeps it running. Rejects when a previous store still holds the directory after 10 s. */
export async function startEmbedded({ directory, log }: { directory: string; log: EmbeddedLog }): Promise<Embedded> {
  const orders: Orders = { directory, port: 0, user: 'hub', secret: randomBytes(24).toString('base64url') };
  let child: ChildProcess;
  let stopping = false;
  let restarts = 0;
  let delayMs = restartDelayMs.first;
  let timer: NodeJS.Timeout | undefined;

  const launch = async (): Promise<void> => {
    const startedAt = Date.now();
    child = fork(program, { execArgv: ['--disable-warning=DEP0040'], stdio: ['ignore', 'inherit', 'pipe', 'ipc'] });
    child.stderr?.on('data', (text: Buffer) => log.error({ from: 'store' }, text.toString('utf8').trim()));
    const ready = new Promise<number>((resolve, reject) => {
      child.once('message', (report: Report) => {
        if ('port' in report) resolve(report.port);
        else reject(new Error(`The embedded store did not start: ${report.fault}`));
      });
      child.once('exit', (code, signal) =>
        reject(new Error(`The embedded store ended at its start (${signal ?? code})`))
      );
    });
    child.send(orders);
    orders.port = await ready;
    child.once('exit', (code, signal) => {
      if (stopping) return;
      restarts += 1;
      log.error(
        { code, signal, restarts },
        'the embedded store ended by itself and is started again; devices wait meanwhile. SIGKILL mostly means that memory ran out'
      );
      if (Date.now() - startedAt > settledAfterMs) delayMs = restartDelayMs.first;
      relaunch();
    });
  };

  const relaunch = (): void => {
    timer = setTimeout(() => {
      if (stopping) return;
      launch().then(
        () => log.info({}, 'the embedded store is back'),
        (error: unknown) => {
          log.error(
            { error: String(error) },
            'the embedded store could not be started again and is tried once more; see whether the disk is full'
          );
          relaunch();
        }
      );
    }, delayMs);
    delayMs = Math.min(delayMs * 2, restartDelayMs.longest);
  };

  await launch();
  return {
    url: `http://${orders.user}:${orders.secret}@127.0.0.1:${orders.port}`,
    get restarts() {
      return restarts;
    },
    get pid() {
      return child.pid;
    },
    async stop() {
      stopping = true;
      clearTimeout(timer);
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      child.disconnect();
      await ended;
    }
  };
}
