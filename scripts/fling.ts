// node scripts/run.js scripts/fling.ts [--json] [--trace FILES]: a thumb flings through a shelf of 1,200 things with pictures,
// in a real Chromium at 360 × 740; which tasks held the screen for more than 50 ms, at full speed and at a quarter of it.
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import type { Browser, CDPSession, Page } from '@playwright/test';
import sharp from 'sharp';
import { timeKey } from '#domain/id.ts';
import { makeListing } from '#domain/listing/listing.ts';
import { onLinsShelf } from '../tests/bench/lins-shelf.ts';
import { takePicture } from '../tests/demo/still-life.ts';
import type { Neighbour } from '../tests/neighbour.ts';

const things = 1200;
const atOnce = 8;
const longMs = 50;
const slowdowns = [1, 4];
const pixelsPerSecond = 6000; // eight screens a second, as a hard flick goes

const traceAt = process.argv.indexOf('--trace');
const traceFile = traceAt < 0 ? undefined : process.argv[traceAt + 1];

type Held = { ms: number; at: number; by: string[] };
type Fling = {
  slowdown: number;
  pictures: 'hub' | 'device';
  cards: number;
  seconds: number;
  long: Held[];
  worstMs: number;
};

/** Things with a picture each, no two alike, and the hub's thumbnails made before anybody looks. */
async function fillShelf(person: Neighbour, circle: string): Promise<void> {
  const motifs = ['trousers', 'sweater', 'lamp'] as const;
  const scenes = await Promise.all(
    motifs.map((motif, light) => takePicture({ motif, colours: ['#5b7c99', '#9a2c20', '#44704c'], light, view: 0 }))
  );
  const numbers = Array.from({ length: things }, (_, index) => index).values();
  const start = Date.now() - things * 60_000;
  const fill = async () => {
    for (const number of numbers) {
      const light = { hue: (number * 47) % 360, brightness: 0.7 + number / 3000 };
      const scene = sharp(scenes[number % scenes.length])
        .resize(400)
        .modulate(light);
      const photo = await person.showPicture(circle, await scene.jpeg({ quality: 64 }).toBuffer());
      await person.fetchThumbnail(circle, photo);
      const postedAt = start + number * 60_000;
      const at = { author: person.id, now: new Date(postedAt).toISOString(), key: timeKey(postedAt, randomBytes) };
      const price = number % 5 ? { amountMinor: number * 100, currency: 'CNY' } : null;
      await person.save(circle, makeListing({ title: `Thing ${number} from the attic`, photos: [photo], price }, at));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, fill));
}

async function flingDown(page: Page, cdp: CDPSession, slowdown: number): Promise<Omit<Fling, 'pictures'>> {
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
  await page.evaluate(watchLongTasks);
  const startedAt = Date.now();
  const links = page.getByRole('list', { name: 'Shelf' }).getByRole('listitem');
  await page.evaluate(fling, { pixelsPerSecond, things, mostMs: 150_000 });
  const seconds = (Date.now() - startedAt) / 1000;
  const long = await page.evaluate(heldBy);
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: 1 });
  return { slowdown, cards: await links.count(), seconds, long, worstMs: Math.max(0, ...long.map(({ ms }) => ms)) };
}

/** Runs in the page: a thumb's pace, frame by frame, until the last thing is on the screen. */
async function fling({ pixelsPerSecond, things, mostMs }: { pixelsPerSecond: number; things: number; mostMs: number }) {
  const count = () => document.querySelectorAll('[role=list] [role=listitem]').length;
  const startedAt = performance.now();
  for (let before = startedAt; ;) {
    const now = await new Promise<number>(requestAnimationFrame);
    scrollBy(0, Math.min((now - before) / 1000, 0.1) * pixelsPerSecond);
    before = now;
    const isAtEnd = scrollY + innerHeight >= document.documentElement.scrollHeight - 2;
    if (isAtEnd && count() >= things) return;
    if (now - startedAt > mostMs) throw new Error(`Still ${count()} of ${things} after ${mostMs} ms`);
  }
}

/** Runs in the page: notes every task above the limit, and the frames that tell what ran in it. */
function watchLongTasks() {
  const noted: { tasks: PerformanceEntry[]; frames: PerformanceEntry[] } = { tasks: [], frames: [] };
  const watch = (type: string, list: PerformanceEntry[]) => {
    const observer = new PerformanceObserver((seen) => list.push(...seen.getEntries()));
    observer.observe({ type });
    return () => list.push(...observer.takeRecords());
  };
  const ends = [watch('longtask', noted.tasks), watch('long-animation-frame', noted.frames)];
  Object.assign(window, { noted, endWatch: () => ends.forEach((end) => end()) });
}

/** Runs in the page: the tasks with what of ours ran in their frames. */
function heldBy(): Held[] {
  type Script = { duration: number; invoker: string; sourceFunctionName: string };
  type Frame = PerformanceEntry & { scripts: Script[]; styleAndLayoutStart: number };
  const { noted, endWatch } = window as unknown as {
    noted: { tasks: PerformanceEntry[]; frames: Frame[] };
    endWatch: () => void;
  };
  endWatch();
  return noted.tasks.map(({ startTime, duration }) => {
    const frame = noted.frames.find(
      (one) => startTime < one.startTime + one.duration && one.startTime < startTime + duration
    );
    const by = (frame?.scripts ?? []).map(
      (one) => `${Math.round(one.duration)} ms ${one.invoker} ${one.sourceFunctionName}`
    );
    if (frame?.styleAndLayoutStart) {
      by.push(`${Math.round(frame.startTime + frame.duration - frame.styleAndLayoutStart)} ms style and layout`);
    }
    return { ms: duration, at: startTime, by };
  });
}

async function measure(browser: Browser, url: string, person: Neighbour, slowdown: number): Promise<Fling[]> {
  const context = await browser.newContext({
    baseURL: url,
    viewport: { width: 360, height: 740 },
    hasTouch: true,
    isMobile: true,
    deviceScaleFactor: 2,
    locale: 'en'
  });
  await context.request.post('/api/session', { data: { login: person.login, password: person.password } });
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  const flings: Fling[] = [];
  for (const pictures of ['hub', 'device'] as const) {
    await page.goto('/');
    await page.locator('[data-sync="saved"]').waitFor();
    await page.getByRole('progressbar').waitFor({ state: 'detached' });
    await page.getByRole('link', { name: `Thing ${things - 1} ` }).waitFor();
    if (traceFile) await startTrace(cdp);
    flings.push({ pictures, ...(await flingDown(page, cdp, slowdown)) });
    if (traceFile) await endTrace(cdp, `${traceFile}-${slowdown}-${pictures}.json`);
  }
  await context.close();
  return flings;
}

async function startTrace(cdp: CDPSession): Promise<void> {
  const categories = 'devtools.timeline,v8.execute,disabled-by-default-v8.cpu_profiler';
  await cdp.send('Tracing.start', { categories, transferMode: 'ReturnAsStream' });
}

async function endTrace(cdp: CDPSession, file: string): Promise<void> {
  const ended = new Promise<string>((resolve) => cdp.once('Tracing.tracingComplete', ({ stream }) => resolve(stream!)));
  await cdp.send('Tracing.end');
  const handle = await ended;
  let text = '';
  for (let eof = false; !eof;) {
    const part = await cdp.send('IO.read', { handle, size: 1 << 24 });
    text += part.data;
    eof = part.eof;
  }
  await writeFile(file, text);
}

await onLinsShelf(async ({ hub, browser, lin, circle }) => {
  await fillShelf(lin, circle);
  for (const slowdown of slowdowns) {
    for (const fling of await measure(browser, hub.url, lin, slowdown)) {
      if (process.argv.includes('--json')) console.log(JSON.stringify(fling));
      else {
        const { pictures, cards, seconds, long, worstMs } = fling;
        console.log(
          `${slowdown}× slower, pictures from the ${pictures}: ${cards} cards in ${seconds.toFixed(0)} s, ${long.length} tasks above ${longMs} ms, the worst ${Math.round(worstMs)} ms`
        );
        for (const { ms, by } of long.toSorted((a, b) => b.ms - a.ms).slice(0, 5))
          console.log(`  ${Math.round(ms)} ms: ${by.join('; ')}`);
      }
    }
  }
});
