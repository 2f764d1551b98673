import { thumbHashToDataURL } from 'thumbhash';

const made = new Map<string, string>();
const keptMost = 500; // a few screens of a long shelf; each is about 1 kB

/** The blurred stand-in of a picture; null for text that is no thumbhash. */
export function placeholder(thumbhash: string | undefined): string | null {
  if (!thumbhash) return null;
  const known = made.get(thumbhash);
  if (known) return known;
  try {
    const bytes = Uint8Array.from(atob(thumbhash), (letter) => letter.charCodeAt(0));
    const url = thumbHashToDataURL(bytes);
    if (made.size >= keptMost) made.clear();
    made.set(thumbhash, url);
    return url;
  } catch {
    return null;
  }
}
