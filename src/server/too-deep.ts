/** Deeper than any body of ours, and no deeper than every recursion over one is sure to bear. */
const deepest = 64;

const quote = 0x22;
const backslash = 0x5c;

/** Whether brackets outside strings nest deeper than 64. */
export function isTooDeep(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === quote) at = endOfString(text, at);
    // `[` and `{` differ from `]` and `}` by two, and from each other by the bit 0x20.
    else if ((code | 0x20) === 0x7b) depth += 1;
    else if ((code | 0x20) === 0x7d) depth -= 1;
    if (depth > deepest) return true;
  }
  return false;
}

/** Where the string that begins at `start` closes; strings make up most of a body, so this uses the engine's own search. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let escapes = 0;
    while (text.charCodeAt(end - 1 - escapes) === backslash) escapes += 1;
    if (escapes % 2 === 0) return end;
  }
  return text.length;
}
