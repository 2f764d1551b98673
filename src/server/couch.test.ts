import { expect, it } from 'vitest';
import { connectCouch } from './couch.ts';
import { CouchError } from './couch-error.ts';

type Sent = { url: string; headers: Record<string, string> };

/** A client whose requests go nowhere but into a list. */
function client(answer: () => Response | Promise<Response>) {
  const sent: Sent[] = [];
  const couch = connectCouch({
    url: 'http://zhou:p%40ss@couch.example:5984/base/',
    prefix: 'jujube-',
    fetch: async (url, init) => {
      sent.push({ url: String(url), headers: init?.headers as Record<string, string> });
      return answer();
    }
  });
  return { couch, sent };
}

it('keeps the credentials out of the address and in the header', async () => {
  const { couch, sent } = client(() => Response.json({}));
  await couch.request('GET', '_up');
  expect(sent[0]).toMatchObject({
    url: 'http://couch.example:5984/base/_up',
    headers: { authorization: `Basic ${Buffer.from('zhou:p@ss').toString('base64')}` }
  });
});

it('tells of a database that does not answer without telling how it is reached', async () => {
  const { couch } = client(() => Promise.reject(new TypeError('fetch failed')));
  const fault = await couch
    .database('c-302')
    .get('x')
    .catch((error: unknown) => error);
  expect(fault).toBeInstanceOf(CouchError);
  expect((fault as CouchError).status).toBe(0);
  expect(String(fault)).not.toMatch(/zhou|p@ss|p%40ss/);
  expect(await couch.up()).toBe(false);
});

it('encodes each segment of a path, and refuses those that an address would fold away', async () => {
  const { couch, sent } = client(() => Response.json({}));
  await couch.database('c-302').get('lin:comment:a/b?c#d');
  await couch.database('c-302').get('_design/x');
  expect(sent.map(({ url }) => url.split('/base/')[1])).toEqual([
    'jujube-c-302/lin%3Acomment%3Aa%2Fb%3Fc%23d',
    'jujube-c-302/_design/x'
  ]);
  for (const path of ['..', './x', ['a', '..', '_users']])
    await expect(couch.request('GET', path)).rejects.toThrow(TypeError);
});

it.each([
  [404, { error: 'not_found', reason: 'missing' }, null],
  [404, { error: 'not_found', reason: 'deleted' }, null],
  [404, { error: 'not_found', reason: 'Database does not exist.' }, CouchError],
  [500, { error: 'oops', reason: 'Broken' }, CouchError]
])('reading a document that is answered with %i %o', async (status, body, outcome) => {
  const { couch } = client(() => Response.json(body, { status }));
  const reading = couch.database('c-302').get('x');
  if (outcome === null) expect(await reading).toBeNull();
  else await expect(reading).rejects.toThrow(outcome);
});

it('passes on why the caller stopped waiting', async () => {
  const { couch } = client(() => Promise.reject(new DOMException('aborted', 'AbortError')));
  const signal = AbortSignal.abort(new Error('enough'));
  await expect(couch.request('GET', '_up', { signal })).rejects.toThrow('enough');
});
