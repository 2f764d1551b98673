import { expect, test } from 'vitest';
import { createPouchLog, type PouchConstructor } from './pouch-log.ts';
import { freshName, Pouch } from './testing/memory-pouch.ts';

const gone = (name: string) => Object.assign(new Error('The database connection is closing.'), { name });

for (const fault of ['InvalidStateError', 'QuotaExceededError']) {
  test(`a connection that ends with ${fault} is replaced, and what comes next is kept`, async () => {
    let opened = 0;
    let isGone = false;
    const Breaking = function (name: string, options?: object) {
      const db = new Pouch(name, options);
      const put = db.put.bind(db);
      const isFirst = opened++ === 0;
      db.put = ((doc: { _id: string }) => (isGone && isFirst ? Promise.reject(gone(fault)) : put(doc))) as typeof put;
      return db;
    } as unknown as PouchConstructor;
    const log = createPouchLog(Breaking, freshName('breaking'), { adapter: 'memory' });
    await log.put({ _id: 'lin:comment:before' });
    isGone = true;
    await expect(log.put({ _id: 'lin:comment:lost' })).rejects.toThrow('closing');
    await log.put({ _id: 'lin:comment:after' });
    expect(await log.known(['lin:comment:before', 'lin:comment:lost', 'lin:comment:after'])).toEqual(
      new Set(['lin:comment:before', 'lin:comment:after'])
    );
    expect(opened).toBe(2);
    await log.destroy();
  });
}
