import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { kinds } from '#domain/kinds.ts';
import { largestRecordBytes } from '#domain/storage.ts';
import { variables } from '#server/env.ts';
import { requestLimit } from '#server/gate/body.ts';
import { routes } from '../journeys/paths.ts';

const read = (path: string) => readFileSync(path, 'utf8');
const cellsOf = (row: string) =>
  row
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim());

describe.each(['README.md', 'README.zh-CN.md'])('%s', (path) => {
  const readme = read(path);

  it('has a row for every setting, with its default', () => {
    const rows = readme.split('\n').filter((line) => /^\| `[A-Z_]+` /.test(line));
    const told = Object.fromEntries(rows.map((row) => cellsOf(row).map((cell) => cell.replaceAll('`', ''))));
    const settings = Object.values(variables).map(({ name, initial }) => [name, initial] as const);
    // The one default that is made from another setting.
    expect(told).toEqual({ ...Object.fromEntries(settings), ORIGIN: 'http://localhost:$PORT' });
  });
});

describe('what the documents tell people to type', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const texts = ['README.md', 'README.zh-CN.md', 'SECURITY.md', 'BENCHMARKS.md', ...globSync('{docs,deploy}/*')]
    .filter((path) => !/\.(webp|ini)$/.test(path))
    .map((path) => [path, read(path)] as const);

  it.each(texts)('%s names no script that there is not', (_, text) => {
    const typed = [...text.matchAll(/\bnpm (?:run (?:-s )?([a-z][a-z:]*)|(start|test)\b)/g)];
    expect(typed.map(([, script, short]) => script ?? short!).filter((name) => !(name in scripts))).toEqual([]);
  });

  it.each(texts)('%s names no file that there is not', (_, text) => {
    const named = [...text.matchAll(/`((?:scripts|deploy|docs|messages|tests)\/[\w./-]+\.\w+)`/g)].map(
      ([, file]) => file!
    );
    expect(named.filter((file) => globSync(file).length === 0)).toEqual([]);
  });
});

describe('the table of records', () => {
  it.each(Object.keys(kinds))('tells of %s', (kind) =>
    expect(read('README.md')).toMatch(new RegExp(`^(<\\w+>|hub):${kind}:.* (\\{|in )`, 'm'))
  );
});

describe('the outside surface', () => {
  const surface = read('docs/surface.md');
  const screens = surface.slice(surface.indexOf('## Screens'), surface.indexOf('## Commands'));

  it('has every screen that there is and no other', () => {
    const [atRoot, inCircle] = screens.split('\n| ')[0]!.split('under `/c/:circle`') as [string, string];
    const paths = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map(([, path]) => path!.replace('#<token>', ''));
    const told = [
      ...paths(atRoot),
      '/c/:circle',
      ...paths(inCircle.split('`:id` is')[0]!).map((path) => `/c/:circle/${path}`)
    ];
    const there = routes().map((route) => route.replaceAll(/\[(\w+)\]/g, ':$1'));
    expect(told.sort()).toEqual(there.sort());
  });

  it('has names that stand in the messages, the Chinese beside the English', () => {
    const [zh, en] = ['zh-CN', 'en'].map((language) => JSON.parse(read(`messages/${language}.json`))) as [
      Record<string, string>,
      Record<string, string>
    ];
    const pairs = screens
      .split('\n')
      .filter((line) => / · /.test(line))
      .flatMap((row) => {
        const [, chinese, english] = cellsOf(row).map((cell) => cell.split(' · '));
        expect(chinese).toHaveLength(english!.length);
        return chinese!.map((name, at) => [name, english![at]!] as const);
      });
    expect(pairs.length).toBeGreaterThan(20);
    const isSaid = ([chinese, english]: readonly [string, string]) =>
      Object.keys(en).some((key) => en[key] === english && zh[key] === chinese);
    expect(pairs.filter((pair) => !isSaid(pair))).toEqual([]);
  });
});

describe('what deploy/ sets', () => {
  const names = new Set(Object.values(variables).map(({ name }) => name));

  it('the hub reads', () => {
    const hub = /\n {2}hub:\n(.*?)\n\n/s.exec(read('deploy/compose.yaml'))![1]!;
    const environment = /environment:\n((?: {6}.*\n)+)/.exec(hub)![1]!;
    const set = [...environment.matchAll(/^ {6}([A-Z_]+):/gm)].map(([, name]) => name!);
    const baked = /^ENV (.*)$/m
      .exec(read('deploy/Dockerfile'))![1]!
      .split(' ')
      .map((one) => one.split('=')[0]!);
    expect(set.length + baked.length).toBeGreaterThan(5);
    expect([...set, ...baked].filter((name) => !names.has(name) && name !== 'NODE_ENV')).toEqual([]);
  });

  it('leaves room for the largest request that the gate lets through, and for the largest record', () => {
    const caddy = Number(/max_size (\d+)MB/.exec(read('deploy/Caddyfile'))![1]) * 1_000_000;
    const [request, document] = ['max_http_request_size', 'max_document_size'].map((name) =>
      Number(new RegExp(`^${name} = (\\d+)$`, 'm').exec(read('deploy/couchdb.ini'))![1])
    );
    expect(caddy).toBeGreaterThan(requestLimit);
    expect(request).toBeGreaterThan(requestLimit);
    expect(document).toBeGreaterThan(2 * largestRecordBytes);
  });
});
