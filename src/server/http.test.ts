import type { IncomingMessage } from 'node:http';
import { expect, it } from 'vitest';
import { addressOf } from './http.ts';

const behindProxy = 'https://hub.example';
const from = (peer: string, forwarded?: string) =>
  ({
    socket: { remoteAddress: peer },
    headers: forwarded ? { 'x-forwarded-for': forwarded } : {}
  }) as unknown as IncomingMessage;

it.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '::ffff:192.0.2.7'],
  ['2001:db8:1:2:aaaa:bbbb:cccc:dddd', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::1', '2001:db8:1:2::/64'],
  ['2001:0db8:0001:0002::1', '2001:db8:1:2::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64']
])('limits count %s as %s: one house of IPv6 is one caller', (peer, counted) => {
  expect(addressOf(from(peer), 'http://localhost:3000')).toBe(counted);
});

it('believes the proxy’s own last entry behind https, and nobody else’s word', () => {
  expect(addressOf(from('127.0.0.1', '198.51.100.1, 2001:db8::9'), behindProxy)).toBe('2001:db8:0:0::/64');
  expect(addressOf(from('127.0.0.1', '198.51.100.1, nonsense'), behindProxy)).toBe('127.0.0.1');
  expect(addressOf(from('192.0.2.7', '198.51.100.1'), 'http://localhost:3000')).toBe('192.0.2.7');
});
