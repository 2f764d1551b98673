import { join } from 'node:path';
import type { Plugin } from 'vite';
import { root } from './ground.js';

/** What PouchDB may do without, each as it stands in its browser build, and what takes its place. */
const cuts: [string, string][] = [
  // The log is never queried by view, and no filter is ever given (it would be part of a replication's id).
  ['.plugin(mapreduce)', ''],
  ['= createAbstractMapReduce(', '= /*@__PURE__*/ createAbstractMapReduce('],
  ['PouchDB.plugin(applyChangesFilterPlugin);', ''],
  // A log pulls from the hub; what goes out goes by send.ts.
  ['  PouchDB.sync = sync;', '']
];

/**
 * Whole stretches, from the first text up to the second. To the hub a log only replicates: nobody compacts, lists or destroys it
 * through PouchDB, and there are no attachments.
 * Nor does a log delete for good, or depend on another.
 */
const gaps: [string, string][] = [
  ["    this.putAttachment = adapterFun('putAttachment'", "    this.revsDiff = adapterFun('revsDiff'"],
  ["    this.getAttachment = adapterFun('getAttachment'", "    this.allDocs = adapterFun('allDocs'"],
  ["    this.registerDependentDatabase = adapterFun('", "    this.destroy = adapterFun('destroy'"],
  ["AbstractPouchDB.prototype.purge = adapterFun('_purge'", 'class TaskQueue {'],
  ["  api.compact = adapterFun$$1('compact'", "  api.bulkGet = adapterFun('bulkGet'"],
  ["  api.remove = adapterFun$$1('remove'", '  function encodeAttachmentId('],
  ["  api.getAttachment = adapterFun$$1('getAttachment'", '  api._bulkDocs = async function ('],
  ["  api.allDocs = adapterFun$$1('allDocs'", '  api._changes = function (opts) {\n\n'],
  ['  api._destroy = async function (options, callback) {\n    try {', '}\n\n// HttpPouch is a valid adapter.']
];

/** Stand-ins for what every browser of ours has built in. */
const builtIn: Record<string, string> = {
  uuid: 'export const v4 = () => crypto.randomUUID();',
  vuvuzela: 'export default JSON;'
};

/** Our own in place of packages of which little is used: the digest of text alone, the few ways of an emitter. */
const own: Record<string, string> = {
  'spark-md5': join(root, 'src', 'data', 'md5.ts'),
  events: join(root, 'src', 'data', 'emitter.ts')
};

/** PouchDB without what no log of ours asks it for: 13 kB of brotli less on every phone's first visit. */
export function leanPouchdb(): Plugin {
  return {
    name: 'jujube-lean-pouchdb',
    enforce: 'pre',
    resolveId(id) {
      if (id in own) return own[id];
      return id in builtIn ? `\0built-in:${id}` : undefined;
    },
    load: (id) => (id.startsWith('\0built-in:') ? builtIn[id.slice('\0built-in:'.length)] : undefined),
    transform(code, id) {
      if (!id.includes('pouchdb/lib/index-browser.es.js')) return;
      return { code: gaps.reduce(leaveOut, cuts.reduce(cut, code)), map: null };
    }
  };
}

function cut(code: string, [from, to]: [string, string]): string {
  if (!code.includes(from)) throw new Error(`PouchDB has changed: there is no ${from}`);
  return code.replace(from, to);
}

function leaveOut(code: string, [from, until]: [string, string]): string {
  const start = code.indexOf(from);
  const end = code.indexOf(until, start);
  if (start < 0 || end < 0) throw new Error(`PouchDB has changed: there is no ${from} … ${until}`);
  return code.slice(0, start) + code.slice(end);
}
