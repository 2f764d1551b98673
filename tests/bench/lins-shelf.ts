import { chromium, type Browser } from '@playwright/test';
import { findBrowser } from '../../scripts/browser.js';
import { startHubProcess, type HubProcess } from '../hub-process.ts';
import { Neighbour } from '../neighbour.ts';

export type LinsShelf = { hub: HubProcess; browser: Browser; lin: Neighbour; circle: string };

/** A fresh hub with Lin alone in her circle, and a browser to look at it with; both are gone when the work is done. */
export async function onLinsShelf<T>(work: (at: LinsShelf) => Promise<T>): Promise<T> {
  const executablePath = await findBrowser();
  if (executablePath === null) throw new Error('Measuring needs Chromium: `npm test` finds or installs one.');
  const hub = await startHubProcess();
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    const lin = new Neighbour(hub.url, 'lin', 'Lin', 'lin-password');
    await lin.signUp({ setup: hub.setUpToken });
    const circle = await lin.found({ name: '302', circleKind: 'circle' });
    return await work({ hub, browser, lin, circle });
  } finally {
    await browser.close();
    await hub.remove();
  }
}
