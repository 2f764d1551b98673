import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { createPages } from './pages.ts';

describe('pages', () => {
  /** What Kit's handler is asked for, or what was answered instead. */
  function ask(
    url: string,
    { method = 'GET', accept = 'text/html', host = 'localhost:3000', origin = 'http://localhost:3000' } = {}
  ) {
    const headers: Record<string, unknown> = {};
    let answer: unknown;
    const req = { url, method, headers: { accept, host } } as IncomingMessage;
    const res = {
      setHeader: (name: string, value: unknown) => (headers[name] = value),
      writeHead: (status: number) => ((answer = headers['location'] ?? status), res),
      end: () => res
    } as unknown as ServerResponse;
    createPages({ origin, page: ({ url: asked }) => (answer = `page ${asked}`) })(req, res, url.split('?')[0]!);
    return answer;
  }

  it.each(['/', '/mine', '/join/302_abc', '/c/302/listing/lin:listing:1', '/c/302/listing/lin%3Alisting%3A1?x=1'])(
    'are one shell for the navigation to %s',
    (url) => expect(ask(url)).toBe('page /')
  );

  it.each(['/manifest.webmanifest', '/_app/immutable/entry.js', '/service-worker.js', '/s/abc'])(
    'leave %s as it is',
    (url) => {
      expect(ask(url)).toBe(`page ${url}`);
      expect(ask(url, { accept: '*/*' })).toBe(`page ${url}`);
    }
  );

  it('are only read', () => expect(ask('/', { method: 'POST' })).toBe(405));

  it('opened under another name of this machine go to the one whose writes are taken', () => {
    expect(ask('/mine?x=1', { host: '127.0.0.1:3000' })).toBe('http://localhost:3000/mine?x=1');
    expect(ask('//elsewhere', { host: '127.0.0.1:3000' })).toBe('http://localhost:3000//elsewhere');
    expect(ask('/mine', { host: '10.0.0.5:3000' })).toBe('page /');
    expect(ask('/mine', { host: '127.0.0.1:3000', origin: 'https://hub.example.org' })).toBe('page /');
  });
});
