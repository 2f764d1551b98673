import { describe, expect, it } from 'vitest';
import { GateFault } from './answer.ts';
import { readQuery } from './query.ts';
import { findRoute, splitUrl } from './route.ts';
import { isCrossSite, isCrossSiteRead } from '../site.ts';

/** What the gate would do with a request of a member: the route and the query that goes on, or the status of the refusal. */
function decide(method: string, url: string): string | number | Record<string, string> {
  const { circle, segments, query } = splitUrl(url);
  if (circle === null) return 'no circle';
  const route = findRoute(segments);
  if (!route) return 404;
  try {
    const checked = readQuery(route.name, method, query);
    return Object.keys(checked).length > 0 ? checked : 'id' in route ? `${route.name} ${route.id}` : route.name;
  } catch (error) {
    if (error instanceof GateFault) return error.status;
    throw error;
  }
}

describe('the allowlist', () => {
  it.each([
    ['GET', '/db/c302', 'info'],
    ['GET', '/db/c302/', 'info'],
    ['GET', '/db/me', 'info'],
    ['POST', '/db/c302/_bulk_docs', 'bulk-docs'],
    ['POST', '/db/c302/_revs_diff', 'revs-diff'],
    ['POST', '/db/c302/_bulk_get', 'bulk-get'],
    ['GET', '/db/c302/lin:person:self', 'document lin:person:self'],
    ['GET', '/db/c302/lin%3Aperson%3Aself', 'document lin:person:self'],
    ['GET', '/db/c302/_local/mTuR.x_9==', 'local mTuR.x_9=='],
    ['PUT', '/db/c302/_local%2Fcheckpoint', 'local checkpoint'],
    ['PUT', '/db/c302/lin:person:self?new_edits=false', { new_edits: 'false' }],
    ['DELETE', '/db/c302/lin:person:self?rev=1-a', { rev: '1-a' }]
  ])('%s %s is let through', (method, url, decision) => {
    expect(decide(method, url)).toEqual(decision);
  });

  it.each([
    '/db',
    '/db/',
    '/db/hub',
    '/db/C302',
    '/db/c302%3Fx',
    '/db/%63302',
    '/db//c302',
    '/db/../c302',
    '/db/%2e%2e/_users',
    '/db/c',
    '/db/-302',
    `/db/${'c'.repeat(41)}`,
    '/db/c302\u3002',
    '/DB/c302'
  ])('%s names no circle', (url) => {
    expect(decide('GET', url)).toBe('no circle');
  });

  it.each([
    '_design/x',
    '_design%2Fx',
    '_design/x/_view/y',
    '_security',
    '_purge',
    '_purged_infos_limit',
    '_revs_limit',
    '_missing_revs',
    '_find',
    '_index',
    '_explain',
    '_compact',
    '_view_cleanup',
    '_ensure_full_commit',
    '_shards',
    '_sync_shards',
    '_replicate',
    '_users',
    '_all_dbs',
    '_config',
    '_design_docs',
    '_local_docs',
    '_local/',
    '_local',
    '_local/a/b',
    '_local/../x',
    '_local/%2e%2e%2fx',
    '_Changes',
    '_changes/',
    '_changes%00',
    'lin:person:self/picture.jpg',
    '%',
    '%c3%28',
    '/_changes',
    '../_all_dbs',
    '%2e%2e/_all_dbs'
  ])('/db/c302/%s is no route, whatever the method', (path) => {
    for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'COPY'])
      expect(decide(method, `/db/c302/${path}`)).toBe(404);
  });

  it.each([
    ['PUT', ''],
    ['DELETE', ''],
    ['POST', ''],
    ['HEAD', ''],
    ['OPTIONS', ''],
    ['PUT', '_changes'],
    ['GET', '_bulk_docs'],
    ['GET', '_bulk_get'],
    ['GET', '_revs_diff'],
    ['DELETE', '_all_docs'],
    ['POST', 'lin:person:self'],
    ['COPY', 'lin:person:self'],
    ['DELETE', '_local/x'],
    ['constructor', '']
  ])('%s /db/c302/%s is 400', (method, path) => {
    expect(decide(method, `/db/c302/${path}`)).toBe(400);
  });

  it.each([
    ['_changes', 'feed=continuous'],
    ['_changes', 'feed=eventsource'],
    ['_changes', 'filter=app/mine'],
    ['_changes', 'filter=_view&view=a/b'],
    ['_changes', 'filter=_selector'],
    ['_changes', 'since=..'],
    ['_changes', 'since=[1]'],
    ['_changes', 'limit=-1'],
    ['_changes', 'limit=1e9'],
    ['_changes', 'limit=1&limit=2'],
    ['_changes', 'style=all'],
    ['_changes', 'heartbeat=often'],
    ['_changes', 'include_docs=yes'],
    ['_changes', 'seq_interval=0'],
    ['_changes', 'doc_ids=x'],
    ['_changes', 'doc_ids=[1]'],
    ['_changes', 'last-event-id=1'],
    ['_changes', 'att_encoding_info=true'],
    ['_changes', '__proto__=1'],
    ['_changes', 'constructor=1'],
    ['_all_docs', 'key=x'],
    ['_all_docs', 'startkey=1'],
    ['_all_docs', 'keys={}'],
    ['_all_docs', 'update_seq=true'],
    ['_all_docs', 'start_key=%22a%22'],
    ['lin:person:self', 'rev=1'],
    ['lin:person:self', 'open_revs=some'],
    ['lin:person:self', 'open_revs=[%221%22]'],
    ['lin:person:self', 'local_seq=true'],
    ['lin:person:self', 'deleted_conflicts=true'],
    ['_local/x', 'rev=1-a'],
    ['', 'x=1']
  ])('/db/c302/%s?%s is 400', (path, query) => {
    expect(decide('GET', `/db/c302/${path}?${query}`)).toBe(400);
  });

  it('lets the query of every client of the protocol through, and nothing that is not needed', () => {
    const query =
      'style=all_docs&feed=longpoll&heartbeat=10000&since=12-g1AAAA_-x&limit=100&seq_interval=100&attachments=true';
    expect(decide('GET', `/db/c302/_changes?${query}`)).toEqual({
      style: 'all_docs',
      feed: 'longpoll',
      heartbeat: '10000',
      since: '12-g1AAAA_-x',
      limit: '100',
      seq_interval: '100'
    });
    expect(decide('GET', '/db/c302/_changes?heartbeat=1&timeout=99999999')).toEqual({
      heartbeat: '1000',
      timeout: '60000'
    });
    expect(decide('GET', '/db/c302/_all_docs?startkey=%22a%22&endkey=%22a%EF%BF%B0%22')).toEqual({
      startkey: '"a"',
      endkey: '"a\ufff0"'
    });
  });
});

it.each([
  [{}, false],
  [{ origin: 'http://localhost:3000' }, false],
  [{ 'sec-fetch-site': 'same-origin' }, false],
  [{ 'sec-fetch-site': 'none' }, false],
  [{ origin: 'http://localhost:3000', 'sec-fetch-site': 'cross-site' }, true],
  [{ 'sec-fetch-site': 'same-site' }, true],
  [{ origin: 'https://elsewhere.example' }, true],
  [{ origin: 'http://localhost:3000.elsewhere.example' }, true],
  [{ origin: 'null' }, true],
  [{ origin: '' }, true]
])('a request with %o is cross-site: %s', (headers, crossSite) => {
  expect(isCrossSite(headers, 'http://localhost:3000')).toBe(crossSite);
});

const opened = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
it.each([
  [opened, false],
  [{ ...opened, 'sec-fetch-dest': 'iframe' }, true],
  [{ ...opened, 'sec-fetch-mode': 'no-cors' }, true],
  [{ ...opened, origin: 'https://elsewhere.example' }, true],
  [{}, false]
])('a reading with %o is cross-site: %s', (headers, crossSite) => {
  expect(isCrossSiteRead(headers, 'http://localhost:3000')).toBe(crossSite);
});
