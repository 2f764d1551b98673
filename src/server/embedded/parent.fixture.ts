/** A hub that only writes and says what was acknowledged, until it is killed. */
import { connectCouch } from '../couch.ts';
import { startEmbedded } from './supervise.ts';

const store = await startEmbedded({ directory: process.argv[2]!, log: { info() {}, error() {} } });
process.send?.({ pid: store.pid });
const log = await connectCouch({ url: store.url, prefix: '' }).ensure('log');
for (let batch = 0; ; batch += 1) {
  const docs = Array.from({ length: 20 }, (_, index) => ({ _id: `${batch}-${index}` }));
  process.send?.({ ids: (await log.bulkDocs(docs)).map(({ id }) => id) });
}
