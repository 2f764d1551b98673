import { DeviceError } from './device-error.ts';
import type { Me } from './hub-api.ts';
import { isOfAccount } from './names.ts';
import type { Reply, Request } from './protocol.ts';
import type { WorkerOps } from './worker-ops.ts';

type Told = Exclude<Reply, { type: 'answer' | 'open' | 'closed' }>;
type Waiting = { resolve(value: unknown): void; reject(error: Error): void };

const listeners = new Set<(told: Told) => void>();
const closing = new Set<() => void>();
const waiting = new Map<number, Waiting>();
let worker: Worker | null = null;
let whenOpen = Promise.withResolvers<void>();
let number = 0;

/** Hears what the worker tells of itself; answers how to stop hearing. */
export function onDevice(listener: (told: Told) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Runs once when the device is closed. */
export function onClose(listener: () => void): void {
  closing.add(listener);
}

/** Asks the worker; before the device is open the question waits. Rejects with DeviceError. */
export async function ask<K extends keyof WorkerOps>(
  op: K,
  ...args: Parameters<WorkerOps[K]>
): Promise<Awaited<ReturnType<WorkerOps[K]>>> {
  if (!worker) await whenOpen.promise;
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  waiting.set(++number, { resolve, reject });
  post({ type: 'ask', number, op, args });
  return promise as Promise<Awaited<ReturnType<WorkerOps[K]>>>;
}

/** Opens this person's copy on this device; resolves when it can be read. */
export async function openDevice(me: Me): Promise<void> {
  await closeDevice();
  worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'jujube' });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  worker.onmessage = ({ data }: MessageEvent<Reply>) => {
    if (data.type === 'answer') settle(data);
    else if (data.type === 'open') {
      if (data.fault) reject(new DeviceError(data.fault.code, data.fault.message));
      else resolve();
    } else if (data.type !== 'closed') for (const listener of listeners) listener(data);
  };
  worker.onerror = (event) => reject(new DeviceError('worker-failed', event.message));
  post({ type: 'open', me });
  whenOpen.resolve();
  watchPage();
  look();
  await promise;
}

/** Closes the worker with all its connections. */
export async function closeDevice(): Promise<void> {
  const leaving = worker;
  if (!leaving) return;
  for (const listener of closing) listener();
  closing.clear();
  worker = null;
  whenOpen = Promise.withResolvers<void>();
  waiting.clear();
  await new Promise<void>((done) => {
    leaving.onmessage = ({ data }: MessageEvent<Reply>) => data.type === 'closed' && done();
    leaving.postMessage({ type: 'close' } satisfies Request);
    // A worker that hangs in a request must not keep its owner from leaving.
    setTimeout(done, 1_500);
  });
  leaving.terminate();
}

/** Deletes every database of that account in this browser; other tabs were told to close theirs. */
export async function deleteDevice(account: string): Promise<void> {
  const all = await indexedDB.databases();
  const mine = all.flatMap(({ name }) => (name && isOfAccount(name, account) ? [name] : []));
  await Promise.all(
    mine.map(
      (name) =>
        new Promise<void>((done) => {
          const deleting = indexedDB.deleteDatabase(name);
          deleting.onsuccess = deleting.onerror = deleting.onblocked = () => done();
        })
    )
  );
}

function post(request: Request): void {
  worker?.postMessage(request);
}

function settle({ number, value, fault }: Extract<Reply, { type: 'answer' }>): void {
  const asked = waiting.get(number);
  waiting.delete(number);
  if (fault) asked?.reject(new DeviceError(fault.code, fault.message, fault.field));
  else asked?.resolve(value);
}

function look(): void {
  const circle = /^\/c\/([^/]+)/.exec(location.pathname)?.[1];
  post({ type: 'looking', isVisible: document.visibilityState === 'visible', circle });
}

let isWatching = false;
function watchPage(): void {
  if (isWatching) return;
  isWatching = true;
  document.addEventListener('visibilitychange', look);
  addEventListener('online', () => post({ type: 'online' }));
  addEventListener('offline', () => post({ type: 'offline' }));
}
