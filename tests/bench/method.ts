/** How it is measured, for BENCHMARKS.md. */
export const method = `## How it is measured

\`npm run bench\` measures everything in one run on one machine, and writes this file. \`npm run bench -- --only B2\` measures one row, \`--json\` prints a line a row, \`--quick\` tries the bench
itself out with a twentieth of everything. Nothing is taken over from an earlier run.

- **The same work for everybody.** One seed makes the documents, half Chinese and half English; every engine gets the same ones, the same index, and the same questions. Its answers are held
  against ours row by row: *same answers* says NO where one differs.
- **In turn.** Engines take turns within each run, each time another one first, so that what a machine does meanwhile hits all of them alike. Warm-up runs are not counted.
- **What is measured is what ships.** B1, B4’s first listing, B5, B7 and B8 open the built app in Chromium; B2, B3, the rest of B4, and B9 run its own modules (engine, projection, read model,
  queries, search worker), bundled as the app’s build does it, in workers, on a profile on disk. B6, B10 and B11 talk to a hub that is a process of its own, with its store as another.
- **Peers**: RxDB with Dexie storage, one instance, no validation and no dev mode, CouchDB replication; a query is its first, uncached one. PouchDB with adapter \`idb\`, pouchdb-find with an index
  that the query names.
- **Floors**: IndexedDB by hand, MiniSearch by itself, a Kit app of one line, \`_all_docs\` and \`bulkDocs\`, the store’s own port. Nobody can be faster; the question is how near one comes.
- **Figures** are medians, with the 95th and 99th percentile of ours. *Best peer ÷ ours* above 1 means that ours is ahead; less than 10 % apart is a tie.
`;
