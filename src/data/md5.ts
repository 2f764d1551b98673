/** What PouchDB names revisions and replications by, on text alone: the log holds no attachments. A mark, never a lock. */
export default class Md5 {
  #binary = '';

  /** Of a text's UTF-8, in hex. */
  static hash(text: string): string {
    return [...digest(new TextEncoder().encode(text))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  }

  /** Each letter is a byte. */
  appendBinary(binary: string): this {
    this.#binary += binary;
    return this;
  }

  /** The digest of all that was appended, each letter a byte. */
  end(): string {
    return String.fromCharCode(...digest(Uint8Array.from(this.#binary, (letter) => letter.charCodeAt(0))));
  }

  destroy(): void {
    this.#binary = '';
  }
}

// RFC 1321: how far each step of a round turns, and the sines it adds.
const turns = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];
const sines = Int32Array.from({ length: 64 }, (_, step) => Math.floor(Math.abs(Math.sin(step + 1)) * 2 ** 32));

function digest(bytes: Uint8Array): Uint8Array {
  const padded = new DataView(new ArrayBuffer((((bytes.length + 8) >> 6) + 1) << 6));
  new Uint8Array(padded.buffer).set(bytes);
  padded.setUint8(bytes.length, 0x80);
  padded.setUint32(padded.byteLength - 8, bytes.length * 8, true);
  padded.setUint32(padded.byteLength - 4, bytes.length / 2 ** 29, true);

  const state = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476);
  for (let block = 0; block < padded.byteLength; block += 64) {
    let [a, b, c, d] = state as unknown as [number, number, number, number];
    for (let step = 0; step < 64; step++) {
      const word = padded.getInt32(block + (wordOf(step) & 15) * 4, true);
      const sum = (a + mix(step >> 4, b, c, d) + sines[step]! + word) | 0;
      const turn = turns[(step >> 4) * 4 + (step & 3)]!;
      a = d;
      d = c;
      c = b;
      b = (b + ((sum << turn) | (sum >>> (32 - turn)))) | 0;
    }
    state[0]! += a;
    state[1]! += b;
    state[2]! += c;
    state[3]! += d;
  }
  const result = new DataView(new ArrayBuffer(16));
  state.forEach((part, at) => result.setInt32(at * 4, part, true));
  return new Uint8Array(result.buffer);
}

/** Which word of the block a step takes in. */
function wordOf(step: number): number {
  if (step < 16) return step;
  if (step < 32) return 5 * step + 1;
  return step < 48 ? 3 * step + 5 : 7 * step;
}

/** How a round mixes three parts of the state. */
function mix(round: number, b: number, c: number, d: number): number {
  if (round === 0) return (b & c) | (~b & d);
  if (round === 1) return (d & b) | (~d & c);
  return round === 2 ? b ^ c ^ d : c ^ (b | ~d);
}
