import type { BrowserContext } from '@playwright/test';
import { joined, offlineReady, signIn, watchFirstListing } from '../app.ts';
import { seededListings } from '../documents.ts';
import { startEmptyShell } from '../empty-shell.ts';
import { median, rotated } from '../figures.ts';
import { openHub } from '../hub.ts';
import type { Bench } from '../kit.ts';
import type { Measured, Row } from '../row.ts';

const warmUps = 3;
const slowdown = 4;
type Name = 'ours' | 'empty-shell';

/** Opens the path in a new tab of the warm browser; milliseconds until its first listing was painted. */
async function open(context: BrowserContext, url: string, rate: number): Promise<number> {
  const page = await context.newPage();
  if (rate > 1) {
    const devtools = await context.newCDPSession(page);
    await devtools.send('Emulation.setCPUThrottlingRate', { rate });
  }
  await page.goto(url, { waitUntil: 'commit' });
  const ms = await page.evaluate(() => window.firstListing);
  await page.close();
  return ms;
}

async function measure(bench: Bench): Promise<Measured> {
  const count = bench.size(10_000);
  const hub = await openHub(bench);
  const { circle, people } = await hub.neighbourhood(5);
  const authors = people.map(({ id }) => id);
  await hub.write(circle, people, seededListings(bench.seed, count, authors));
  const shell = await startEmptyShell(bench);

  const { context } = await bench.profile();
  await watchFirstListing(context);
  await signIn(context, hub.url, people[0]!);
  const page = await context.newPage();
  await page.goto(`${hub.url}/c/${circle}`);
  await offlineReady(page);
  await joined(page, people[0]!.id, circle);
  await page.goto(shell.url);
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);

  await context.setOffline(true);
  await hub.process.stop();
  await shell.stop();

  const urls: Record<Name, string> = { ours: `${hub.url}/c/${circle}`, 'empty-shell': `${shell.url}/` };
  const round = async (rate: number, runs: number) => {
    const samples: Record<Name, number[]> = { ours: [], 'empty-shell': [] };
    for (let run = -warmUps; run < runs; run++) {
      for (const name of rotated(Object.keys(urls) as Name[], run + warmUps)) {
        const ms = await open(context, urls[name], rate);
        if (run >= 0) samples[name].push(ms);
      }
    }
    return samples;
  };
  const usual = await round(1, bench.size(30, 5));
  const slow = await round(slowdown, bench.size(15, 3));
  return {
    unit: 'ms',
    ours: usual.ours,
    floors: {
      'empty-shell': usual['empty-shell'],
      [`empty-shell at ${slowdown}× slowdown`]: slow['empty-shell'],
      [`ours at ${slowdown}× slowdown`]: slow.ours
    },
    checks: [
      { what: 'median', value: median(usual.ours), unit: 'ms', atMost: 300 },
      {
        what: `times the empty shell at ${slowdown}× CPU slowdown`,
        value: median(slow.ours) / median(slow['empty-shell']),
        unit: '×',
        atMost: 2.5
      }
    ],
    notes: [`${count} records on the device, hub stopped, browser offline; a new tab of a browser that runs.`]
  };
}

export const coldStart: Row = { id: 'B1', what: 'cold start offline, first listing painted', measure };
