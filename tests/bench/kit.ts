import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext, type BrowserContextOptions } from '@playwright/test';
import { findBrowser } from '../../scripts/browser.js';
import { buildPages } from './pages.ts';
import { openFront, type Front } from './front.ts';

/** Asks a worker of a bench page. */
export type Ask = <T>(worker: string, op: string, ...args: unknown[]) => Promise<T>;

/** A browser profile on disk, as people have one. */
export type Profile = {
  context: BrowserContext;
  folder: string;
  /** Opens a page of the bench's own and answers how to ask its workers. */
  workers(front: Front, page: 'shipped' | 'peers'): Promise<Ask>;
};

/** What rows measure with. Everything opened here is closed and deleted by `close`, whatever became of the row. */
export type Bench = {
  readonly seed: number;
  /** Sizes and runs for trying the bench itself out. */
  readonly quick: boolean;
  /** `full`, or in a quick run a twentieth of it, but not less than `least`. */
  size(full: number, least?: number): number;
  front(): Promise<Front>;
  /** A fresh one, or a browser started again on the folder of an earlier one that was closed. */
  profile(options?: BrowserContextOptions, folder?: string): Promise<Profile>;
  folder(name: string): Promise<string>;
  /** Done last in, first out when the row is over. */
  onClose(work: () => Promise<unknown>): void;
  /** Says on stderr what goes on. */
  say(text: string): void;
};

const browserArgs = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'];

/** What one run of the bench shares between its rows. */
export function createKit({ seed, quick, say }: Pick<Bench, 'seed' | 'quick' | 'say'>) {
  let pages: Promise<string> | null = null;

  const bundle = async (): Promise<string> => {
    const folder = await mkdtemp(join(tmpdir(), 'jujube-bench-pages-'));
    await buildPages(folder);
    return folder;
  };

  return {
    /** Lends a row what it measures with, and takes it back. */
    async lend<T>(work: (bench: Bench) => Promise<T>): Promise<T> {
      const closing: (() => Promise<unknown>)[] = [];
      const onClose = (close: () => Promise<unknown>) => void closing.unshift(close);
      const folder = async (name: string) => {
        const path = await mkdtemp(join(tmpdir(), `jujube-bench-${name}-`));
        onClose(() => rm(path, { recursive: true, force: true }));
        return path;
      };
      const bench: Bench = {
        seed,
        quick,
        say,
        onClose,
        folder,
        size: (full, least = 1) => (quick ? Math.max(least, Math.round(full / 20)) : full),
        async front() {
          const front = await openFront(await (pages ??= bundle()));
          onClose(() => front.close());
          return front;
        },
        profile: async (options = {}, earlier) => {
          const profile = await openProfile(earlier ?? (await folder('profile')), options);
          onClose(() => profile.context.close());
          return profile;
        }
      };
      try {
        return await work(bench);
      } finally {
        for (const close of closing) await close();
      }
    },
    async close(): Promise<void> {
      if (pages) await rm(await pages, { recursive: true, force: true });
    }
  };
}

/** Filling an engine takes minutes on a slow machine; what takes longer than this never ends. */
const patienceMs = 600_000;

async function inTime<T>(what: string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} does not end`)), patienceMs);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

async function openProfile(folder: string, options: BrowserContextOptions): Promise<Profile> {
  const executablePath = await findBrowser();
  if (executablePath === null) throw new Error('The bench needs Chromium: `npm test` finds or installs one.');
  const context = await chromium.launchPersistentContext(folder, {
    executablePath,
    args: browserArgs,
    viewport: { width: 360, height: 740 },
    locale: 'en',
    ...options
  });
  context.on('weberror', (error) => console.error(error.error()));
  return {
    context,
    folder,
    async workers(front, name) {
      const page = await context.newPage();
      await page.goto(`${front.url}/bench/${name}.html`);
      await page.waitForFunction(() => typeof window.ask === 'function');
      return <T>(worker: string, op: string, ...args: unknown[]) => {
        const asked = page.evaluate(([one, what, given]) => window.ask(one, what, given), [worker, op, args] as const);
        return inTime(`${worker} ${op}`, asked as Promise<T>);
      };
    }
  };
}
