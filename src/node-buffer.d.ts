// @types/pouchdb-core declares Buffer once more as Node had it long ago, which makes it unfit for a Uint8Array's place.
interface Buffer<TArrayBuffer extends ArrayBufferLike = ArrayBufferLike> extends Uint8Array<TArrayBuffer> {
  slice(start?: number, end?: number): Buffer<ArrayBuffer>;
}
