import { describe, expect, it } from 'vitest';
import { readEnv } from './env.ts';

const envOf = (source: Record<string, string>) => {
  const read = readEnv(source);
  if (!read.ok) throw new Error(read.faults.join('\n'));
  return read.env;
};

describe('the settings', () => {
  it('have the defaults that the surface names', () => {
    expect(envOf({})).toEqual({
      port: 3000,
      host: '127.0.0.1',
      origin: 'http://localhost:3000',
      data: './data',
      couchUrl: null,
      couchPrefix: 'jujube-',
      couchProxySecret: null,
      notary: true,
      open: false,
      limits: 1,
      metricsToken: null
    });
  });

  it('take the origin from the port unless it is given', () => {
    expect(envOf({ PORT: '4100' }).origin).toBe('http://localhost:4100');
    expect(envOf({ PORT: '4100', ORIGIN: 'https://hub.example.org/' }).origin).toBe('https://hub.example.org');
    expect(envOf({ PORT: '', ORIGIN: ' ' }).origin).toBe('http://localhost:3000');
  });

  it('list every fault at once with what to write, and repeat no value', () => {
    const read = readEnv({
      PORT: '70000',
      ORIGIN: 'hub.example.org/app',
      COUCHDB_URL: 'http://:hunter2@db',
      COUCHDB_PREFIX: '9-',
      HUB_NOTARY: 'maybe',
      HUB_LIMITS: '0',
      METRICS_TOKEN: 'short'
    });
    const faults = read.ok ? [] : read.faults;
    expect(faults.map((fault) => fault.split(':')[0])).toEqual([
      'PORT',
      'ORIGIN',
      'COUCHDB_URL',
      'COUCHDB_PREFIX',
      'HUB_NOTARY',
      'HUB_LIMITS',
      'METRICS_TOKEN'
    ]);
    expect(faults.join()).not.toMatch(/hunter2|short[^e]/);
  });
});
