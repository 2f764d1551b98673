import type { Page } from '@playwright/test';
import { joined, offlineReady, signIn } from '../app.ts';
import { seededListings } from '../documents.ts';
import { percentile, rotated } from '../figures.ts';
import type { Front } from '../front.ts';
import { openHub } from '../hub.ts';
import type { Bench, Profile } from '../kit.ts';
import { aheadOf, type Measured, type Row } from '../row.ts';

const roundTripMs = 50;
const warmUps = 2;

/** One way from A to B: `save` answers when A began to save, `shown` when B had painted it. */
type Way = {
  /** Brings both pages to the front: a page behind another one paints once a second. */
  look(): Promise<void>;
  save(title: string): Promise<number>;
  shown(title: string): Promise<number>;
};

const lookAt = async (...pages: Page[]): Promise<void> => {
  for (const page of pages) await page.bringToFront();
};

/** B looks at the shelf in the built app; A saves by the app's own modules. */
async function ours(front: Front, circle: string, a: Profile, b: Profile, person: string): Promise<Way> {
  const author = await a.context.newPage();
  await author.goto(`${front.url}/bench/shipped.html`);
  await author.evaluate(() => window.openDevice());
  await watchTitles(b);
  const reader = await b.context.newPage();
  await reader.goto(`${front.url}/c/${circle}`);
  await offlineReady(reader);
  await joined(reader, person, circle);
  return {
    look: () => lookAt(author, reader),
    save: (title) => author.evaluate(([where, what]) => window.save(where, what), [circle, title] as const),
    shown: (title) => reader.evaluate((what) => window.shownAt(what), title)
  };
}

/** Every page of the profile notes when it painted an item's title on the shelf. */
async function watchTitles({ context }: Profile): Promise<void> {
  await context.addInitScript(() => {
    window.shownAt = (title) =>
      new Promise((resolve) => {
        const observer = new MutationObserver(look);
        function look(): void {
          const links = [...document.querySelectorAll('[role="list"] a[href*="/listing/"]')];
          if (!links.some(({ textContent }) => textContent === title)) return;
          observer.disconnect();
          requestAnimationFrame(() => {
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = () => resolve(performance.timeOrigin + performance.now());
            port2.postMessage(null);
          });
        }
        observer.observe(document, { childList: true, subtree: true, characterData: true });
        look();
      });
  });
}

/** Another host name for the same front, so that peers and ours share no connections. */
const apart = ({ port }: Front) => `http://127.0.0.1:${port}`;

async function peer(front: Front, name: 'pouchdb' | 'rxdb', a: Profile, b: Profile): Promise<Way> {
  const open = async ({ context }: Profile): Promise<Page> => {
    const page = await context.newPage();
    await page.goto(`${apart(front)}/bench/peers.html`);
    await page.waitForFunction(() => typeof window.ask === 'function');
    await page.evaluate(([worker, where]) => window.ask(worker, 'live', [where]), [name, `bench-${name}`] as const);
    return page;
  };
  const [author, reader] = [await open(a), await open(b)];
  return {
    look: () => lookAt(author, reader),
    save: (title) =>
      author.evaluate(([worker, what]) => window.ask(worker, 'save', [what.replaceAll(' ', '-').toLowerCase(), what]), [
        name,
        title
      ] as const) as Promise<number>,
    shown: (title) => reader.evaluate((what) => window.shownAt(what), title)
  };
}

async function measure(bench: Bench): Promise<Measured> {
  const runs = bench.size(60, 6);
  const front = await bench.front();
  const hub = await openHub(bench, { ORIGIN: front.url });
  front.hub = hub.url;
  front.store = await hub.store();
  for (const name of ['pouchdb', 'rxdb']) await hub.makeDatabase(`bench-${name}`);
  const { circle, people } = await hub.neighbourhood(2);
  const [lin, mei] = people as [(typeof people)[0], (typeof people)[0]];
  await hub.write(circle, people, seededListings(bench.seed, bench.size(500), [lin.id, mei.id]));
  const [a, b] = [await bench.profile(), await bench.profile()];
  await signIn(a.context, front.url, lin);
  await signIn(b.context, front.url, mei);

  front.delayMs = roundTripMs / 2;
  const ways = {
    ours: await ours(front, circle, a, b, mei.id),
    pouchdb: await peer(front, 'pouchdb', a, b),
    rxdb: await peer(front, 'rxdb', a, b)
  };
  type Name = keyof typeof ways;
  const samples: Record<Name, number[]> = { ours: [], pouchdb: [], rxdb: [] };
  for (let run = -warmUps; run < runs; run++) {
    for (const name of rotated(Object.keys(ways) as Name[], run + warmUps)) {
      const title = `Lamp ${name} ${run + warmUps}`;
      await ways[name].look();
      const shown = ways[name].shown(title);
      const from = await ways[name].save(title);
      const ms = (await shown) - from;
      if (run >= 0) samples[name].push(ms);
    }
  }
  const { ours: own, ...peers } = samples;
  return {
    unit: 'ms',
    ours: own,
    peers,
    checks: [
      { what: `p95 at ${roundTripMs} ms round trip`, value: percentile(own, 95), unit: 'ms', atMost: 300 },
      aheadOf(peers, own)
    ],
    notes: [
      'From the call that saves to the frame that shows it: ours through the gate to the shelf of the built app; the peers to a bare line of text, straight to the store without a gate.'
    ]
  };
}

export const live: Row = { id: 'B5', what: 'A saves, B’s screen shows it, 50 ms round trip', measure };
