import PouchDB from 'pouchdb';
import { expect, it } from 'vitest';
import { kindSamples } from '#domain/testing/kind-samples.ts';
import { emptyLog } from '../../../tests/people.ts';
import { circle, describeGate } from './testing/circle-gate.ts';

describeGate(2, ({ gate, as }) => {
  it('shows no design document that an operator put there', async () => {
    const database = gate().store.couch.database('c-c302');
    await database.bulkDocs([{ _id: '_design/operator' }]);
    for (const path of [
      '/_all_docs',
      '/_all_docs?startkey=%22_%22',
      '/_changes?include_docs=true',
      '/_changes?descending=true'
    ]) {
      const { status, text } = await as('lin', 'GET', circle + path);
      expect([path, status, text.includes('_design')]).toEqual([path, 200, false]);
    }
    expect((await as('lin', 'GET', `${circle}/_design%2Foperator`)).status).toBe(404);
  });

  it('fills a page as if there were no design document: a short one would tell a device that it has seen all', async () => {
    const database = gate().store.couch.database('c-c303');
    const ids = Array.from({ length: 7 }, (_, index) => `fang:comment:page-${index}`);
    const fangs = kindSamples('fang').comment;
    await database.bulkDocs([...ids.slice(0, 3).map((_id) => ({ ...fangs, _id })), { _id: '_design/operator' }]);
    await database.bulkDocs(ids.slice(3).map((_id) => ({ ...fangs, _id })));
    type Page = { results: { id: string; seq: string }[]; last_seq: string; pending: number };
    for (const limit of [1, 2, 3, 4, 5]) {
      const seen: string[] = [];
      for (let since = '0', left = ids.length; left > 0;) {
        const { body } = await as(
          'fang',
          'GET',
          `/db/c303/_changes?limit=${limit}&seq_interval=${limit}&since=${since}`
        );
        const { results, last_seq, pending } = body as unknown as Page;
        expect([limit, results.length, last_seq]).toEqual([
          limit,
          Math.min(limit, left),
          results.at(-1)?.seq ?? last_seq
        ]);
        seen.push(...results.map(({ id }) => id));
        left -= results.length;
        expect(pending).toBeGreaterThanOrEqual(left);
        since = encodeURIComponent(last_seq);
      }
      expect([limit, seen]).toEqual([limit, ids]);
      const pages = await as('fang', 'GET', `/db/c303/_all_docs?limit=${limit}`);
      expect((pages.body as unknown as { rows: object[] }).rows).toHaveLength(limit);
    }
    const log = emptyLog();
    const send = (url: string | Request, init: RequestInit = {}) =>
      fetch(url, {
        ...init,
        headers: { ...Object.fromEntries(new Headers(init.headers)), cookie: 'jujube_session=fang' }
      });
    const remote = new PouchDB(`${gate().url}/db/c303`, { fetch: send as never });
    await log.replicate.from(remote, { batch_size: 1 });
    expect((await log.allDocs()).rows.map(({ id }) => id)).toEqual(ids);
  });
});
