/** The embedded store's own process. Its supervisor (supervise.ts) tells it where and how over IPC; when that channel closes it ends. */
import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { mkdir } from 'node:fs/promises';
import { openDatabases } from './databases.ts';
import { openPouch, type Pouch } from './pouch.ts';
import { createStoreServer } from './server.ts';

export type Orders = { directory: string; port: number; user: string; secret: string };
export type Report = { port: number } | { fault: string };

// A previous store ends within moments of its hub; this is how long a start waits for its lock.
const lockWaitMs = 10_000;
const lockRetryMs = 100;

// Nobody posts at this hour.
const compactionHour = 3;

const report = (what: Report) => process.send?.(what);

/** A LevelDB of its own stands for the directory: the system frees its lock however the holder dies. */
async function takeLock(directory: string): Promise<Pouch> {
  await mkdir(directory, { recursive: true });
  const deadline = Date.now() + lockWaitMs;
  for (;;) {
    const lock = openPouch(join(directory, '.lock'));
    try {
      await lock.info();
      return lock;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(lockRetryMs);
    }
  }
}

function msUntilCompaction(now: Date): number {
  const next = new Date(now);
  next.setHours(compactionHour, 30, 0, 0);
  if (next <= now) next.setDate(next.getDate() + 1);
  return next.getTime() - now.getTime();
}

async function run({ directory, port, user, secret }: Orders): Promise<void> {
  await takeLock(directory);
  const databases = await openDatabases(directory);
  const server = createStoreServer(databases, user, secret);
  server.on('error', (error) => {
    report({ fault: error.message });
    process.exit(1);
  });
  server.listen(port, '127.0.0.1', () => {
    const address = server.address();
    if (address && typeof address === 'object') report({ port: address.port });
  });

  const compactNightly = () =>
    setTimeout(() => {
      databases
        .compactAll()
        .catch((error: unknown) => console.error('compaction failed', error))
        .finally(compactNightly);
    }, msUntilCompaction(new Date())).unref();
  compactNightly();

  process.on('disconnect', () => {
    server.close();
    server.closeIdleConnections();
    // Whatever is still being written has this long; LevelDB needs no closing to be whole.
    setTimeout(() => process.exit(0), 1_000).unref();
    server.closeAllConnections();
    void databases.close().finally(() => process.exit(0));
  });
}

// The hub decides when to end; a Ctrl-C that reaches the whole group must not take the store away under it.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
process.once('message', (orders: Orders) => {
  run(orders).catch((error: unknown) => {
    report({ fault: error instanceof Error ? error.message : String(error) });
    process.exit(1);
  });
});
process.once('disconnect', () => setTimeout(() => process.exit(0), 2_000).unref());
