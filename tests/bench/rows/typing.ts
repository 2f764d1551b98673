import type { Page } from '@playwright/test';
import { joined, signIn } from '../app.ts';
import { pick, seededListings } from '../documents.ts';
import { percentile } from '../figures.ts';
import { openHub } from '../hub.ts';
import type { Bench } from '../kit.ts';
import type { Measured, Row } from '../row.ts';
import { seeded } from '../../seeded.ts';

declare global {
  interface Window {
    /** Of each key: milliseconds from the event to the frame that shows what it did. */
    keys: number[];
    longTasks: number[];
  }
}

const fewestKeys = 40;

/** From now on the page notes how long each key took to show, and its own long tasks. */
async function watchTyping(page: Page): Promise<void> {
  await page.evaluate(() => {
    window.keys = [];
    window.longTasks = [];
    addEventListener(
      'keydown',
      ({ timeStamp }) =>
        requestAnimationFrame(() => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => window.keys.push(performance.now() - timeStamp);
          port2.postMessage(null);
        }),
      { capture: true }
    );
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) window.longTasks.push(duration);
    }).observe({ type: 'longtask' });
  });
}

async function measure(bench: Bench): Promise<Measured> {
  const count = bench.size(10_000);
  const rounds = bench.size(3);
  const hub = await openHub(bench);
  const { circle, people } = await hub.neighbourhood(5);
  await hub.write(
    circle,
    people,
    seededListings(
      bench.seed,
      count,
      people.map(({ id }) => id)
    )
  );
  const keys: number[] = [];
  const tasks: number[] = [];
  const random = seeded(bench.seed);
  for (let round = 0; round < rounds; round++) {
    const person = people[round % people.length]!;
    const { context } = await bench.profile();
    await signIn(context, hub.url, person);
    const page = await context.newPage();
    await page.goto(`${hub.url}/c/${circle}/post`);
    const field = page.getByLabel('What is it');
    await field.focus();
    await watchTyping(page);
    let isJoined = false;
    const joining = joined(page, person.id, circle).then(() => (isJoined = true));
    // At the pace of somebody who types fast.
    for (let typed = 0; !isJoined || typed < fewestKeys; typed++) {
      await page.keyboard.press(pick(random, [...'abcdefghijklmnopqrstuvwxyz']), { delay: 30 });
      await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 50)));
    }
    await joining;
    keys.push(...(await page.evaluate(() => window.keys)));
    tasks.push(...(await page.evaluate(() => window.longTasks)));
    await context.close();
  }
  return {
    unit: 'ms',
    ours: keys,
    checks: [
      { what: 'INP (98th percentile of the keys)', value: percentile(keys, 98), unit: 'ms', atMost: 100 },
      { what: 'longest task of the page’s thread', value: Math.max(0, ...tasks), unit: 'ms', atMost: 50 }
    ],
    notes: [
      `${keys.length} keys into the form for a new post while a circle of ${count} records is joined; ${tasks.length} tasks above 50 ms.`
    ]
  };
}

export const typing: Row = { id: 'B7', what: 'typing while 10,000 records arrive', measure };
