import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startHubProcess, type HubProcess } from '../hub-process.ts';
import { inviteTo, moveIn, type Person } from '../people.ts';
import { rawGet, sendRaw } from './house.ts';

/** Ways out of a directory, and names that take a server apart. */
const bent = [
  '/../../../../etc/passwd',
  '/..%2f..%2f..%2fetc/passwd',
  '/%2e%2e/%2e%2e/package.json',
  '/..\\..\\package.json',
  '/%5c..%5c..%5cpackage.json',
  '/..;/package.json',
  '/_app/../../server/index.js',
  '/_app/..%2f..%2fserver/manifest.js',
  '/_app/immutable/../../../stamp',
  '/_app/immutable/%00.js',
  '/_app/%E0%A4%A',
  '/server/index.js',
  '/handler.js',
  '/.git/config',
  '/data/store.json',
  '/%',
  '/%00',
  '/s/%',
  '/s/..%2f..%2fpackage.json',
  '//evil.example/%2e%2e',
  'http://evil.example/db/c302',
  '*',
  `/${'a/'.repeat(4_000)}`,
  `/x?${'a'.repeat(9_000)}`,
  '/c/x/__data.json'
];

/** The pages as the built hub gives them: one process, as no store makes a difference here. */
let hub: HubProcess;
let lin: Person;
let circle: string;

beforeAll(async () => {
  hub = await startHubProcess();
  const household = await moveIn(hub.url, { setup: hub.setUpToken, names: ['Lin'] });
  ({ circle } = household);
  [lin] = household.people;
});
afterAll(() => hub.remove());

it('gives no file but the app’s own, names no other place and stays up, whatever path it is asked for', async () => {
  const secrets = [/"devDependencies"/, /root:.*:0:0:/, /\[core\]/, /"url":"http:\/\/hub:/, /createHub/];
  for (const path of bent) {
    for (const accept of ['text/html', '*/*']) {
      const answer = await sendRaw(
        hub.url,
        `GET ${path} HTTP/1.1\r\nhost: ${new URL(hub.url).host}\r\naccept: ${accept}\r\nconnection: close\r\n\r\n`
      );
      const shown = path.slice(0, 60);
      expect([shown, accept, answer!.status]).toEqual([
        shown,
        accept,
        expect.toSatisfy((status) => [200, 400, 404].includes(status as number))
      ]);
      for (const secret of secrets) expect([shown, secret.test(answer!.text)]).toEqual([shown, false]);
      expect([shown, /^location:/im.test(answer!.text)]).toEqual([shown, false]);
      expect([shown, /^content-security-policy: .*frame-ancestors 'none'/im.test(answer!.text)]).toEqual([shown, true]);
    }
  }
  expect((await fetch(`${hub.url}/api/health`)).status).toBe(200);
});

it('puts no line of an address into its headers', async () => {
  const answer = await rawGet(hub.url, '/x%0d%0aset-cookie:%20jujube_session=planted');
  expect(answer!.text).not.toMatch(/^set-cookie:/im);
  for (const host of ['evil.example', 'localhost:1\r\nx: y', '127.0.0.1:1/@evil.example']) {
    const got = await sendRaw(
      hub.url,
      `GET /me HTTP/1.1\r\nhost: ${host}\r\naccept: text/html\r\nconnection: close\r\n\r\n`
    );
    const location = /^location: (.*)$/im.exec(got?.text ?? '')?.[1];
    expect([host, location === undefined || location.startsWith(`${hub.url}/`)]).toEqual([host, true]);
  }
});

it('lets its shell run its own script by its hash and nothing else', async () => {
  const html = await (await fetch(hub.url, { headers: { accept: 'text/html' } })).text();
  const policy = /<meta http-equiv="content-security-policy" content="([^"]*)"/i.exec(html)?.[1] ?? '';
  const scripts = /script-src ([^;]*)/.exec(policy)?.[1] ?? '';
  expect(scripts).toMatch(/'self' 'sha256-[^']+'/);
  expect(policy).not.toMatch(/unsafe-eval|script-src[^;]*unsafe-inline|\*/);
});

it('writes no token, password, cookie or circle into its log, whoever asks for what', async () => {
  const token = await inviteTo(lin, circle);
  for (const accept of ['*/*', 'text/html', 'image/*']) {
    for (const path of [
      `/join/${token}`,
      `/join/${token}/x.png`,
      `/setup/${hub.setUpToken}`,
      `/api/invites/${token}/x`,
      `/s/${token}`
    ])
      await fetch(hub.url + path, { headers: { accept, 'user-agent': 'facebookexternalhit/1.1' } });
  }
  await fetch(`${hub.url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"login":"lin","password":"a secret word"}'
  });
  await lin.call('GET', `/db/${circle}/_nothing`);
  const printed = hub.log.replace(`Set up: ${hub.url}/setup#${hub.setUpToken}`, '');
  for (const secret of [token, hub.setUpToken, 'a secret word', lin.cookie.split('=')[1]!, circle])
    expect(printed).not.toContain(secret);
  expect(readFileSync('package.json', 'utf8')).toContain('devDependencies');
});
