/** A part of a JPEG that says its own length: where its marker stands, and where the next part begins. */
export type Segment = { marker: number; start: number; end: number };

// ITU-T T.81, table B.1.
const startOfImage = 0xd8;
const endOfImage = 0xd9;
const startOfScan = 0xda;
const temporary = 0x01;
const [firstRestart, lastRestart] = [0xd0, 0xd7];

/** EXIF and XMP live in APP1, IPTC in APP13. */
const telling = new Set([0xe1, 0xed]);
export const isTelling = ({ marker }: Segment): boolean => telling.has(marker);

/** A JPEG's segments, and where the picture ends: behind that something else may stand. Total: what breaks off ends with the bytes. */
export function readJpeg(bytes: Uint8Array): { segments: Segment[]; end: number } {
  const segments: Segment[] = [];
  let at = 2;
  while (at + 1 < bytes.length) {
    const marker = bytes[at + 1]!;
    // Any number of 0xff may stand before a marker.
    if (bytes[at] !== 0xff || marker === 0xff) at += 1;
    else if (marker === endOfImage) return { segments, end: at + 2 };
    else if (standsAlone(marker)) at += 2;
    else {
      const length = at + 3 < bytes.length ? bytes[at + 2]! * 256 + bytes[at + 3]! : bytes.length;
      const end = at + 2 + Math.max(2, length);
      segments.push({ marker, start: at, end });
      at = marker === startOfScan ? endOfScan(bytes, end) : end;
    }
  }
  return { segments, end: bytes.length };
}

/** The same picture without what tells of it (EXIF, XMP, IPTC): some browsers write an EXIF of their own into what they encode. */
export function plainJpeg(bytes: Uint8Array): Uint8Array<ArrayBuffer>[] {
  const { segments, end } = readJpeg(bytes);
  const kept: Uint8Array<ArrayBuffer>[] = [];
  let from = 0;
  for (const { start, end: next } of segments.filter(isTelling)) {
    kept.push(bytes.slice(from, start));
    from = next;
  }
  return [...kept, bytes.slice(from, end)];
}

const standsAlone = (marker: number): boolean =>
  marker === 0 || marker === startOfImage || marker === temporary || isRestart(marker);
const isRestart = (marker: number): boolean => marker >= firstRestart && marker <= lastRestart;

/** In a scan a 0xff that is data is followed by a zero, one that is a restart by its number; any other begins the next segment. */
function endOfScan(bytes: Uint8Array, start: number): number {
  for (let at = bytes.indexOf(0xff, start); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1];
    if (next !== undefined && next !== 0 && next !== 0xff && !isRestart(next)) return at;
  }
  return bytes.length;
}
