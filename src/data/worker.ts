import PouchDB from 'pouchdb';
import { DeviceError } from './device-error.ts';
import { openDeviceStore } from './device-store.ts';
import { createEngine, type Engine, type Status } from './engine.ts';
import type { Me } from './hub-api.ts';
import { createKeeper } from './keeper.ts';
import { joinTabs } from './leader.ts';
import { deviceStoreName, logName, readModelName, tabsName } from './names.ts';
import { createPouchLog, type PouchConstructor } from './pouch-log.ts';
import type { Fault, Reply, Request, TabWord } from './protocol.ts';
import { openReadModel } from './read-model.ts';
import { storageTrouble } from './storage-trouble.ts';
import { createOps, type WorkerOps } from './worker-ops.ts';

// One a tab (design §1): the only place where PouchDB is, and the only writer of log and tables.

const { origin } = self.location;
let isVisible = true;
let lookedAt: string | undefined;
let opened: Promise<Opened> | null = null;

type Opened = { engine: Engine; ops: WorkerOps; nudge(isNewLine?: boolean): Promise<void>; close(): Promise<void> };

const say = (reply: Reply) => self.postMessage(reply);

async function open(me: Me): Promise<Opened> {
  const tabs = new BroadcastChannel(tabsName(me.id));
  const tell = (word: TabWord) => tabs.postMessage(word);
  let isLeading = false;
  let leaders: Status | null = null;

  /** The leader's word about the line and joining; a tab of its own knows only of its own requests. */
  const merged = (own: Status): Status =>
    isLeading || !leaders ? own : { ...own, offlineSince: leaders.offlineSince, joining: leaders.joining };

  const engine = createEngine({
    me,
    origin,
    fetch: (...args) => fetch(...args),
    now: () => Date.now(),
    openLog: (circle) =>
      createPouchLog(PouchDB as unknown as PouchConstructor, logName(me.id, circle), { adapter: 'idb' }),
    model: openReadModel(readModelName(me.id)),
    store: openDeviceStore(deviceStoreName(me.id)),
    report: (error) => reportError(error),
    news: {
      changed(circle, listings) {
        say({ type: 'changed', circle, listings });
        tell({ type: 'changed', circle, listings });
      },
      status(status) {
        say({ type: 'status', status: merged(status) });
        if (isLeading) tell({ type: 'status', status });
      },
      me(told) {
        say({ type: 'me', me: told });
        tell({ type: 'me', me: told });
      },
      needsSignIn() {
        say({ type: 'needs-sign-in' });
        tell({ type: 'needs-sign-in' });
      }
    }
  });

  tabs.addEventListener('message', (event: MessageEvent<TabWord>) => {
    const word = event.data;
    if (word.type === 'changed') say(word);
    else if (word.type === 'needs-sign-in') say(word);
    else if (word.type === 'me') {
      engine.hear(word.me);
      say(word);
    } else if (word.type === 'status') leaders = word.status;
    if (word.type === 'changed' || word.type === 'status') void engine.tellStatus();
  });

  const keeper = createKeeper({
    engine,
    origin,
    openDoorbell: (url) => new EventSource(url),
    lookedAt: () => lookedAt,
    random: () => Math.random()
  });
  const membership = joinTabs({
    name: tabsName(me.id),
    locks: navigator.locks,
    channel: tabs,
    isVisible: () => isVisible,
    lead() {
      isLeading = true;
      keeper.start();
    },
    follow() {
      isLeading = false;
      keeper.stop();
    }
  });

  await engine.open();
  if (!navigator.onLine) engine.lineLost();
  void engine.tellStatus();
  // What a crash or a newer version left between log and tables; behind the first screen's own queries.
  setTimeout(() => void engine.projectAll().catch(reportError), 300);

  return {
    engine,
    ops: createOps(engine, syncNow),
    nudge: keeper.nudge,
    async close() {
      membership.stop();
      keeper.stop();
      tabs.close();
      await engine.close();
    }
  };

  async function syncNow(): Promise<void> {
    await engine.sendAll();
    await engine.pullAll(lookedAt);
    await keeper.nudge();
  }
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
