/**
 * `@types/pouchdb-core` declares a `Buffer` of its own for browsers, whose `slice` would make Node's no `Uint8Array` any more. This overload
 * comes before it.
 */
interface Buffer<TArrayBuffer extends ArrayBufferLike = ArrayBufferLike> {
  slice(start?: number, end?: number): Buffer<ArrayBuffer>;
}
