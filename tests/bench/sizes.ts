import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import type { Request } from '@playwright/test';
import { makeListing } from '#domain/listing/listing.ts';
import { root } from '../../scripts/ground.js';
import { onLinsShelf } from './lins-shelf.ts';

/** Brotli bytes of the JavaScript until the first listing's link shows, and of everything that is kept for going offline. */
export type Sizes = { beforeFirstListing: number; precache: number };

/** Each file by itself, at the level that the build's own .br files have; `/` is the shell. */
function brotliBytes(paths: Iterable<string>): number {
  const files = [...paths].map((path) =>
    path === '/' ? join(root, 'build', 'prerendered', 'index.html') : join(root, 'build', 'client', path)
  );
  return files.reduce((sum, file) => sum + brotliCompressSync(readFileSync(file)).length, 0);
}

/** Asks a browser what it requests of the built app on a fresh profile, signed in. */
export function measureSizes(): Promise<Sizes> {
  return onLinsShelf(async ({ hub, browser, lin, circle }) => {
    const at = { author: lin.id, now: new Date().toISOString(), key: 'lamp' };
    await lin.save(circle, makeListing({ title: 'Lamp' }, at));

    const context = await browser.newContext({ baseURL: hub.url, locale: 'en' });
    await context.request.post('/api/session', { data: { login: lin.login, password: lin.password } });
    const page = await context.newPage();
    const requested = new Set<string>();
    const note = (request: Request) => {
      const { pathname } = new URL(request.url());
      if (pathname.endsWith('.js') && !request.serviceWorker()) requested.add(pathname);
    };
    context.on('request', note);
    await page.goto('/');
    await page.getByRole('link', { name: 'Lamp' }).waitFor();
    context.off('request', note);

    await page.locator('html[data-offline-ready]').waitFor({ state: 'attached' });
    const precached = await page.evaluate(async () => {
      const names = (await caches.keys()).filter((name) => name.includes('precache'));
      const keys = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
      return keys.flat().map(({ url }) => new URL(url).pathname);
    });
    return { beforeFirstListing: brotliBytes(requested), precache: brotliBytes(precached) };
  });
}
