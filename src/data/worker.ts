import PouchDB from 'pouchdb';
import { DeviceError } from './device-error.ts';
import { openDeviceStore } from './device-store.ts';
import type { Me } from './hub-api.ts';
import { deviceStoreName, logName, readModelName, tabsName } from './names.ts';
import { createPouchLog, type PouchConstructor } from './pouch-log.ts';
import type { Fault, Reply, Request } from './protocol.ts';
import { openReadModel } from './read-model.ts';
import { storageTrouble } from './storage-trouble.ts';
import { openTab, type Tab } from './tab.ts';
import { realTimers } from './timers.ts';
import { createOps, type WorkerOps } from './worker-ops.ts';

// One a tab (design §1): the only place where PouchDB is, and the only writer of log and tables.

const { origin } = self.location;
let isVisible = true;
let lookedAt: string | undefined;
let opened: Promise<Opened> | null = null;

type Opened = Tab & { ops: WorkerOps };

const say = (reply: Reply) => self.postMessage(reply);

async function open(me: Me): Promise<Opened> {
  const tab = await openTab({
    me,
    origin,
    fetch: (...args) => fetch(...args),
    now: () => Date.now(),
    random: () => Math.random(),
    timers: realTimers,
    openLog: (circle) =>
      createPouchLog(PouchDB as unknown as PouchConstructor, logName(me.id, circle), { adapter: 'idb' }),
    model: openReadModel(readModelName(me.id)),
    store: openDeviceStore(deviceStoreName(me.id)),
    openDoorbell: (url) => new EventSource(url),
    locks: navigator.locks,
    channel: new BroadcastChannel(tabsName(me.id)),
    isVisible: () => isVisible,
    isOnline: () => navigator.onLine,
    lookedAt: () => lookedAt,
    say,
    report: (error) => reportError(error)
  });
  return { ...tab, ops: createOps(tab.engine, tab.syncNow) };
}

async function answer({ number, op, args }: Extract<Request, { type: 'ask' }>): Promise<void> {
  try {
    const { ops } = await opened!;
    const ask = ops[op] as (...args: unknown[]) => unknown;
    say({ type: 'answer', number, value: await ask(...args) });
  } catch (error) {
    say({ type: 'answer', number, fault: faultOf(error) });
  }
}

function faultOf(error: unknown): Fault {
  if (error instanceof DeviceError) return { code: error.code, message: error.message, field: error.field };
  const trouble = storageTrouble(error);
  if (!trouble) reportError(error);
  return { code: trouble ? `storage-${trouble}` : 'unknown', message: String(error) };
}

self.addEventListener('message', (event: MessageEvent<Request>) => {
  const request = event.data;
  switch (request.type) {
    case 'open':
      opened = open(request.me);
      opened.then(
        () => say({ type: 'open' }),
        (error: unknown) => say({ type: 'open', fault: faultOf(error) })
      );
      break;
    case 'ask':
      void answer(request);
      break;
    case 'looking':
      isVisible = request.isVisible;
      lookedAt = request.circle ?? lookedAt;
      if (isVisible) void opened?.then(({ nudge }) => nudge());
      break;
    case 'online':
      void opened?.then(({ nudge }) => nudge(true));
      break;
    case 'offline':
      void opened?.then(({ engine }) => engine.lineLost());
      break;
    case 'close':
      void (opened ?? Promise.resolve(null)).then((it) => it?.close()).finally(() => say({ type: 'closed' }));
      break;
  }
});
