import type { Plugin } from 'vite';

/** The log is never queried: PouchDB's views stay out of the bundle, 5 kB of brotli on every phone's first visit. */
export function leanPouchdb(): Plugin {
  return {
    name: 'jujube-lean-pouchdb',
    transform(code, id) {
      if (!/pouchdb\/lib\/index-browser\.es\.js/.test(id)) return;
      const lean = code
        .replace('.plugin(mapreduce)', '')
        .replace('= createAbstractMapReduce(', '= /*@__PURE__*/ createAbstractMapReduce(');
      return { code: lean, map: null };
    }
  };
}
