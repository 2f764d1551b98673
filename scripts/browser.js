// A Chromium for the journeys and pictures: Playwright's own, else the system's, else one that can be installed.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run } from './ground.js';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];
const elsewhere = [
  '/usr/lib/chromium/chromium',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium'
];

/** The path of a browser that is there, or null. */
export async function findBrowser() {
  const { chromium } = await import('@playwright/test');
  const onPath = (process.env.PATH ?? '').split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  return [chromium.executablePath(), ...onPath, ...elsewhere].find((path) => path !== '' && existsSync(path)) ?? null;
}

/** Finds a browser or installs one; null after saying what a person can do. */
export async function ensureBrowser() {
  const found = await findBrowser();
  if (found !== null) return found;
  console.log('No Chromium found, installing one …');
  await run('playwright', ['install', 'chromium']);
  const own = await findBrowser();
  if (own !== null) return own;
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    await run('apt-get', ['update']);
    await run('apt-get', ['install', '-y', '--no-install-recommends', 'chromium']);
  }
  const system = await findBrowser();
  if (system === null) {
    console.error('The journeys need Chromium. Install it (Debian: apt-get install chromium) and run this again.');
  }
  return system;
}
