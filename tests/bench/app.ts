import type { BrowserContext, Page } from '@playwright/test';
import type { Person } from '../people.ts';

declare global {
  interface Window {
    /** Milliseconds from the start of the navigation until a first listing was painted. */
    firstListing: Promise<number>;
  }
}

/** The person's session on this profile, as the hub gave it. */
export async function signIn(context: BrowserContext, url: string, { cookie }: Person): Promise<void> {
  const equals = cookie.indexOf('=');
  await context.addCookies([{ name: cookie.slice(0, equals), value: cookie.slice(equals + 1), url }]);
}

/** Every page of the profile notes when it painted a first listing. */
export async function watchFirstListing(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    window.firstListing = new Promise((resolve) => {
      const observer = new MutationObserver(look);
      function look(): void {
        if (!document.querySelector('[role="list"] a[href*="/listing/"]')) return;
        observer.disconnect();
        // The frame that shows it is out when the first task after it runs.
        requestAnimationFrame(() => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => resolve(performance.now());
          port2.postMessage(null);
        });
      }
      observer.observe(document, { childList: true, subtree: true });
    });
  });
}

/** The app opens every path without a network from here on. */
export async function offlineReady(page: Page): Promise<void> {
  await page.locator('html[data-offline-ready]').waitFor({ state: 'attached', timeout: 60_000 });
}

/** The whole circle is on this device, in log and tables. */
export async function joined(page: Page, account: string, circle: string): Promise<void> {
  await page.waitForFunction(
    async ([name, id]) => {
      const known = (await indexedDB.databases()).some((each) => each.name === name);
      if (!known) return false;
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const opening = indexedDB.open(name);
        opening.onsuccess = () => resolve(opening.result);
        opening.onerror = () => reject(opening.error);
      });
      const feed = await new Promise<{ since: string | null } | undefined>((resolve, reject) => {
        const asking = database.transaction('feeds').objectStore('feeds').get(id);
        asking.onsuccess = () => resolve(asking.result as { since: string | null } | undefined);
        asking.onerror = () => reject(asking.error);
      });
      database.close();
      return typeof feed?.since === 'string';
    },
    [`jujube:${account}:device`, circle] as const,
    { timeout: 120_000, polling: 250 }
  );
}
