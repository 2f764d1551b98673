import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  chromium,
  expect,
  test as base,
  type BrowserContext,
  type BrowserContextOptions,
  type Page
} from '@playwright/test';
import { Neighbour } from '../neighbour.ts';
import { startHubProcess, type HubProcess } from '../hub-process.ts';
import { startBackend } from './backend.ts';

export { expect };

/** One person's phone: a browser profile of its own on disk, which outlives the browser process. */
export type Phone = {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Opens a path and waits until the app has settled. */
  open(path: string): Promise<Page>;
  /** A new browser process on the same profile, without a network from the first moment on. */
  reopenOffline(path: string): Promise<Page>;
  /** A new browser process on the same profile, as it was. */
  reopen(path: string): Promise<Page>;
  /** A new browser process on the same profile that shows nothing yet; whatever it stored is there. */
  restart(): Promise<Page>;
  /** A further tab, which is the one to look at from here on. */
  newTab(path: string): Promise<Page>;
  /** As the system does to a browser's tabs when memory runs out; the browser itself goes on. */
  crashTabs(): Promise<void>;
  /** As pulling the battery: nothing is closed in order. */
  crash(): Promise<void>;
  close(): Promise<void>;
};

export type Circle = { id: string; steward: Neighbour; people: Neighbour[]; one(login: string): Neighbour };

type EachOf<Logins, T> = { [Index in keyof Logins]: T };
export type AtHome<Logins> = { circle: Circle; people: EachOf<Logins, Neighbour>; phones: EachOf<Logins, Phone> };

export type Journey = {
  hub: HubProcess;
  /** Founds a circle on a new hub with Zhou as its steward and these people in it. */
  neighbourhood(...logins: string[]): Promise<Circle>;
  /** A phone on which this person is signed in, online, and which has all it needs to go without a network. */
  phoneOf(person: Neighbour | null, options?: BrowserContextOptions): Promise<Phone>;
  /** A neighbourhood of these people, and a phone of each. */
  atHome<const Logins extends readonly string[]>(...logins: Logins): Promise<AtHome<Logins>>;
  /** No network for these phones, and no hub for anybody. */
  goOffline(...phones: Phone[]): Promise<void>;
  goOnline(...phones: Phone[]): Promise<void>;
};

const names: Record<string, string> = { 'granny-wang': 'Granny Wang' };
const nameOf = (login: string) => names[login] ?? login[0]!.toUpperCase() + login.slice(1);

export const newcomer = (hub: HubProcess, login: string) =>
  new Neighbour(hub.url, login, nameOf(login), `${login}-password`);

export const test = base.extend<Journey>({
  hub: async ({}, use) => {
    const backend = await startBackend();
    const hub = await startHubProcess(backend.env);
    await use(hub);
    await hub.remove();
    await backend.remove();
  },

  neighbourhood: async ({ hub }, use) => {
    await use(async (...logins) => {
      const steward = newcomer(hub, 'zhou');
      await steward.signUp({ setup: hub.setUpToken });
      const id = await steward.found({ name: '302', circleKind: 'circle' });
      const people = logins.map((login) => newcomer(hub, login));
      const door = await steward.invite(id, Math.max(people.length, 1));
      for (const person of people) await person.signUp({ invite: door });
      const all = [steward, ...people];
      return { id, steward, people, one: (login) => all.find((person) => person.login === login)! };
    });
  },

  phoneOf: async ({ hub, launchOptions, contextOptions, viewport, locale, hasTouch, isMobile, userAgent }, use) => {
    const phones: Phone[] = [];
    const profiles: string[] = [];
    await use(async (person, options = {}) => {
      const profile = await mkdtemp(join(tmpdir(), 'jujube-phone-'));
      profiles.push(profile);
      const phone = await openPhone(profile, hub.url, {
        ...launchOptions,
        ...contextOptions,
        viewport,
        locale,
        hasTouch,
        isMobile,
        userAgent,
        ...options
      });
      phones.push(phone);
      if (person) {
        await signInOn(phone, person);
        await phone.open('/');
        await offlineReady(phone.page);
      }
      return phone;
    });
    for (const phone of phones) await phone.close();
    for (const profile of profiles) await rm(profile, { recursive: true, force: true });
  },

  atHome: async ({ neighbourhood, phoneOf }, use) => {
    await use(async (...logins) => {
      const circle = await neighbourhood(...logins);
      const people = logins.map((login) => circle.one(login));
      const phones = await Promise.all(people.map((person) => phoneOf(person)));
      return { circle, people, phones } as never;
    });
  },

  goOffline: async ({ hub }, use) => {
    await use(async (...phones) => {
      for (const { context } of phones) await context.setOffline(true);
      await hub.stop();
    });
  },

  goOnline: async ({ hub }, use) => {
    await use(async (...phones) => {
      if (!hub.isRunning) await hub.start();
      for (const { context } of phones) await context.setOffline(false);
    });
  }
});

/** The session's cookie alone, as after the form at the door. */
export const signInOn = (phone: Phone, { login, password }: Neighbour) =>
  phone.context.request.post('/api/session', { data: { login, password } });

async function openPhone(profile: string, url: string, options: BrowserContextOptions): Promise<Phone> {
  const launch = async () => {
    const context = await chromium.launchPersistentContext(profile, { ...options, baseURL: url });
    return { context, page: context.pages()[0] ?? (await context.newPage()) };
  };
  let now = await launch();
  const killAll = async (kind: 'browser' | 'renderer') => {
    const cdp = await now.context.browser()!.newBrowserCDPSession();
    const { processInfo } = await cdp.send('SystemInfo.getProcessInfo');
    for (const { type, id } of processInfo) if (type === kind) process.kill(id, 'SIGKILL');
  };
  const open = async (path: string) => {
    await now.page.goto(path);
    await ready(now.page);
    return now.page;
  };
  const restart = async () => {
    await now.context.close();
    now = await launch();
    return now.page;
  };
  const reopen = async (path: string, offline: boolean) => {
    await restart();
    await now.context.setOffline(offline);
    return open(path);
  };
  return {
    get page() {
      return now.page;
    },
    get context() {
      return now.context;
    },
    open,
    restart,
    async newTab(path) {
      now = { ...now, page: await now.context.newPage() };
      return open(path);
    },
    reopen: (path) => reopen(path, false),
    reopenOffline: (path) => reopen(path, true),
    async crashTabs() {
      await killAll('renderer');
    },
    async crash() {
      const closed = new Promise<void>((resolve) => now.context.once('close', () => resolve()));
      await killAll('browser');
      await closed;
    },
    close: () => now.context.close()
  };
}

/** The app has settled: signed in or not, and with its data at hand. */
export const ready = (page: Page) => expect(page.locator('html[data-ready]')).toBeAttached();

/** Every path opens without a network from here on. */
export const offlineReady = (page: Page) => expect(page.locator('html[data-offline-ready]')).toBeAttached();

/** All that was written here is on the hub. */
export const saved = (page: Page) =>
  expect(page.getByRole('status', { name: 'Sync' })).toHaveAttribute('data-sync', 'saved', { timeout: 20_000 });
