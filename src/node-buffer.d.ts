// @types/pouchdb-core declares Buffer once more as Node had it long ago, unfit for a Uint8Array's place. Of merged declarations the
// first one says what Buffer extends, hence `files` in tsconfig.json.
interface Buffer<TArrayBuffer extends ArrayBufferLike = ArrayBufferLike> extends Uint8Array<TArrayBuffer> {
  slice(start?: number, end?: number): Buffer<ArrayBuffer>;
}
