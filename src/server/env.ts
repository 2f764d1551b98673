import { isIP } from 'node:net';

/** The hub's settings, read once at start. `origin` is null when it follows from the port the hub will get. */
export type HubEnv = {
  port: number;
  host: string;
  origin: string;
  data: string;
  couchUrl: string | null;
  couchPrefix: string;
  couchProxySecret: string | null;
  notary: boolean;
  open: boolean;
  limits: number;
  metricsToken: string | null;
};

type Variable<T> = {
  name: string;
  initial: string;
  description: string;
  /** Throws a sentence that says what to write instead. */
  parse: (text: string) => T;
};

function variable<T>(name: string, initial: string, description: string, parse: (text: string) => T): Variable<T> {
  return { name, initial, description, parse };
}

function fail(sentence: string): never {
  throw new Error(sentence);
}

function flag(text: string): boolean {
  const value = { true: true, on: true, '1': true, yes: true, false: false, off: false, '0': false, no: false }[
    text.toLowerCase()
  ];
  return value ?? fail('write true or false');
}

function webOrigin(text: string): string {
  const url = URL.parse(text) ?? fail('write an address such as https://hub.example.org');
  if (url.protocol !== 'http:' && url.protocol !== 'https:') fail('it begins with http:// or https://');
  if (url.pathname !== '/' || url.search || url.hash) fail('leave out everything behind the host and port');
  if (url.username || url.password) fail('leave out the name and password');
  return url.origin;
}

function couchAddress(text: string): string | null {
  if (text === '') return null;
  const url = URL.parse(text) ?? fail('write an address such as http://admin:secret@127.0.0.1:5984');
  if (url.protocol !== 'http:' && url.protocol !== 'https:') fail('it begins with http:// or https://');
  if (!url.username || !url.password)
    fail('put the name and password of a CouchDB admin in it: http://name:password@host:5984');
  return text.replace(/\/+$/, '');
}

function port(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > 65_535) fail('write a whole number from 0 to 65535 (0 takes any free port)');
  return value;
}

function hostName(text: string): string {
  if (isIP(text) === 0 && !/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(text)) {
    fail('write an address of this machine: 127.0.0.1, or 0.0.0.0 for all its networks');
  }
  return text;
}

function databasePrefix(text: string): string {
  // CouchDB's own rule for database names, of which this is the beginning.
  if (!/^[a-z][a-z0-9_-]{0,40}$/.test(text))
    fail('begin with a letter a–z; then a–z, 0–9, _ and - (at most 41 in all)');
  return text;
}

function factor(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value > 0) || !Number.isFinite(value)) fail('write a number above 0, such as 10');
  return value;
}

function secret(text: string): string | null {
  if (text !== '' && text.length < 16) fail('take at least 16 characters, or leave it empty');
  return text === '' ? null : text;
}

/** Every setting with its default and meaning: what `--help` and the README's table are made from. */
export const variables = {
  port: variable('PORT', '3000', 'the port the hub listens on', port),
  host: variable('HOST', '127.0.0.1', 'the address it listens on; 0.0.0.0 lets other machines reach it', hostName),
  origin: variable('ORIGIN', '', 'the address people open; default http://localhost:$PORT', (text) =>
    text === '' ? null : webOrigin(text)
  ),
  data: variable(
    'HUB_DATA',
    './data',
    'the directory of the store and the pictures',
    (text) => text || fail('name a directory')
  ),
  couchUrl: variable('COUCHDB_URL', '', 'a CouchDB with credentials, instead of the embedded store', couchAddress),
  couchPrefix: variable('COUCHDB_PREFIX', 'jujube-', 'what every database the hub makes begins with', databasePrefix),
  couchProxySecret: variable(
    'COUCHDB_PROXY_SECRET',
    '',
    'CouchDB’s proxy secret: it then sees who writes and checks it once more (deploy/second-lock.ini)',
    secret
  ),
  notary: variable('HUB_NOTARY', 'on', 'whether this hub settles claims; on in exactly one of several', flag),
  open: variable('HUB_OPEN', 'false', 'whether anybody may make an account, without an invite', flag),
  limits: variable('HUB_LIMITS', '1', 'a factor on every rate limit, for load tests', factor),
  metricsToken: variable('METRICS_TOKEN', '', 'the bearer token of /api/metrics; without it that is 404', secret)
};

/** Reads all settings; on any fault lists every one of them, each with what to do. An empty value counts as not set. */
export function readEnv(
  source: Record<string, string | undefined>
): { ok: true; env: HubEnv } | { ok: false; faults: string[] } {
  const faults: string[] = [];
  const read = <T>({ name, initial, parse }: Variable<T>): T => {
    try {
      return parse(source[name]?.trim() || initial);
    } catch (error) {
      // A value is not repeated: it may hold a password.
      faults.push(`${name}: ${(error as Error).message}.`);
      return undefined as T;
    }
  };
  const env = {
    port: read(variables.port),
    host: read(variables.host),
    origin: read(variables.origin),
    data: read(variables.data),
    couchUrl: read(variables.couchUrl),
    couchPrefix: read(variables.couchPrefix),
    couchProxySecret: read(variables.couchProxySecret),
    notary: read(variables.notary),
    open: read(variables.open),
    limits: read(variables.limits),
    metricsToken: read(variables.metricsToken)
  };
  if (faults.length > 0) return { ok: false, faults };
  return { ok: true, env: { ...env, origin: env.origin ?? localOrigin(env.port) } };
}

/** Where the hub is reached from this machine when `ORIGIN` says nothing else. */
export function localOrigin(listening: number): string {
  return `http://localhost:${listening}`;
}
