// npm run shots [-- --docs]: every path of the demo in both languages and schemes, on contact sheets in shots/.
// With --docs it takes the few that the README and the manifest show instead.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from '@playwright/test';
import sharp from 'sharp';
import { settleIn } from '../tests/demo/cast.ts';
import { live } from '../tests/demo/claims.ts';
import type { Neighbour } from '../tests/neighbour.ts';
import { fillShelves } from '../tests/demo/post.ts';
import { startHubProcess } from '../tests/hub-process.ts';
import { visits, type Things } from '../tests/journeys/paths.ts';
import { findBrowser } from './browser.js';
import { root } from './ground.js';

type Look = { language: 'zh-CN' | 'en'; colorScheme: 'light' | 'dark' };

const phone = { width: 360, height: 740 };
const wide = { width: 1280, height: 800 };
const looks: Look[] = (['zh-CN', 'en'] as const).flatMap((language) =>
  (['light', 'dark'] as const).map((colorScheme) => ({ language, colorScheme }))
);

async function openApp(browser: Browser, url: string, person: Neighbour | null, look: Look, viewport = phone) {
  const { language, colorScheme } = look;
  const context = await browser.newContext({ baseURL: url, viewport, colorScheme, reducedMotion: 'reduce' });
  await context.addInitScript((locale) => localStorage.setItem('PARAGLIDE_LOCALE', locale), language);
  if (person) await context.request.post('/api/session', { data: { login: person.login, password: person.password } });
  return { page: await context.newPage(), close: () => context.close() };
}

/** The screen at rest: nothing has moved between two looks half a second apart. */
async function shoot(page: Page, path: string): Promise<Buffer> {
  await page.goto(path);
  await page.locator('html[data-ready]').waitFor({ state: 'attached' });
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  let before = await page.screenshot();
  for (let tries = 0; tries < 20; tries++) {
    await page.waitForTimeout(500);
    const after = await page.screenshot();
    if (after.equals(before)) break;
    before = after;
  }
  return before;
}

/** All screens of one look side by side, each under its route. */
async function contactSheet(shots: [route: string, png: Buffer][], file: string): Promise<void> {
  const columns = 7;
  const cell = { width: phone.width + 20, height: phone.height + 44 };
  const labels = shots.map(
    ([route], index) =>
      `<text x="${(index % columns) * cell.width + 10}" y="${Math.floor(index / columns) * cell.height + 28}">${route}</text>`
  );
  const width = columns * cell.width;
  const height = Math.ceil(shots.length / columns) * cell.height;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="#888"/><g font-family="monospace" font-size="17" fill="#fff">${labels.join('')}</g></svg>`;
  await sharp(Buffer.from(svg))
    .composite(
      shots.map(([, input], index) => ({
        input,
        left: (index % columns) * cell.width + 10,
        top: Math.floor(index / columns) * cell.height + 40
      }))
    )
    .png()
    .toFile(file);
}

const executablePath = await findBrowser();
if (executablePath === null) throw new Error('Pictures need Chromium: `npm test` finds or installs one.');
const hub = await startHubProcess();
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
try {
  const setUp = process.argv.includes('--docs') ? [] : await Promise.all(looks.map(shootSetUp));
  const cast = await settleIn(hub.url, hub.setUpToken);
  const posted = await fillShelves(cast, Date.now());
  await live(cast, posted);
  const circle = cast.circles['302'];
  const bicycle = posted.find(({ title, circle }) => circle === '302' && title.startsWith('City bike'))!;
  const trousers = posted.find(({ title }) => title.startsWith('Size-S'))!;
  const token = await cast.one('zhou').invite(circle, 1);
  const things: Things = { circle, listing: bicycle.id, token, setUpToken: hub.setUpToken };
  if (process.argv.includes('--docs')) await forDocs(trousers.id);
  else await everyPath(things, bicycle.by);

  /** The form that the first person meets is there only until she has filled it in. */
  async function shootSetUp(look: Look): Promise<Buffer> {
    const { page, close } = await openApp(browser, hub.url, null, look);
    const shot = await shoot(page, `/setup#${hub.setUpToken}`);
    await close();
    return shot;
  }

  async function everyPath(things: Things, giver: string) {
    await mkdir(join(root, 'shots'), { recursive: true });
    for (const [index, look] of looks.entries()) {
      const shots: [string, Buffer][] = [['/setup, nobody yet', setUp[index]!]];
      for (const [as, person] of [
        ['stranger', null],
        ['member', cast.one('lin')],
        ['giver', cast.one(giver)]
      ] as const) {
        const { page, close } = await openApp(browser, hub.url, person, look);
        for (const [route, visit] of Object.entries(visits)) {
          if (visit.as === as) shots.push([route, await shoot(page, visit.path(things))]);
        }
        await close();
      }
      const file = join('shots', `${look.language}-${look.colorScheme}.png`);
      await contactSheet(shots, join(root, file));
      console.log(file);
    }
  }

  async function forDocs(listing: string) {
    const item = `/c/${circle}/listing/${encodeURIComponent(listing)}`;
    const wanted = [
      ['docs/shelf-zh.webp', `/c/${circle}`, 'zh-CN', phone],
      ['docs/shelf-en.webp', `/c/${circle}`, 'en', phone],
      ['static/screenshots/shelf.webp', `/c/${circle}`, 'zh-CN', phone],
      ['static/screenshots/item.webp', item, 'zh-CN', phone],
      ['static/screenshots/mine.webp', '/mine', 'zh-CN', phone],
      ['static/screenshots/wide.webp', `/c/${circle}`, 'zh-CN', wide]
    ] as const;
    for (const [file, path, language, viewport] of wanted) {
      const { page, close } = await openApp(
        browser,
        hub.url,
        cast.one('mei'),
        { language, colorScheme: 'light' },
        viewport
      );
      await mkdir(join(root, file, '..'), { recursive: true });
      await sharp(await shoot(page, path))
        .webp({ quality: 82 })
        .toFile(join(root, file));
      console.log(file);
      await close();
    }
  }
} finally {
  await browser.close();
  await hub.remove();
}
