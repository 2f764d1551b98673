/** Deeper than any record of ours, and no deeper than a stack is sure to bear. */
const deepest = 64;

/** What is wrong with a value that should be stored as JSON. */
export type JsonFault = 'not-json' | 'too-large';

/**
 * Why this value cannot be stored as JSON of at most `limit` bytes, or null where it can. Total: cycles, lone
 * surrogates (which CouchDB refuses for the whole request), NaN, functions and class instances are no JSON; a field
 * that is undefined is not there.
 */
export function jsonFault(value: unknown, limit: number): JsonFault | null {
  let left = limit;

  function weigh(part: unknown, depth: number): boolean {
    if (left < 0) return true;
    if (typeof part === 'string') return weighText(part);
    if (part === null || typeof part === 'boolean') left -= part === false ? 5 : 4;
    else if (typeof part === 'number') left -= String(part).length;
    else if (typeof part === 'object') return depth < deepest && weighMembers(part, depth);
    return part === null || typeof part === 'boolean' || Number.isFinite(part);
  }

  function weighText(text: string): boolean {
    if (text.length > left || asItIs.test(text)) {
      left -= text.length + 2;
      return true;
    }
    const bytes = textBytes(text);
    left -= bytes ?? 0;
    return bytes !== null;
  }

  function weighMembers(part: object, depth: number): boolean {
    if (Array.isArray(part)) {
      left -= 2 + Math.max(0, part.length - 1);
      return part.every((value) => weigh(value, depth + 1));
    }
    if (!isPlain(part)) return false;
    left -= 2;
    let count = 0;
    for (const name of Object.keys(part)) {
      const value = part[name];
      if (value === undefined) continue;
      left -= count++ === 0 ? 1 : 2; // a colon, and a comma before all but the first
      if (!weighText(name) || !weigh(value, depth + 1)) return false;
    }
    return true;
  }

  if (!weigh(value, 0)) return 'not-json';
  return left < 0 ? 'too-large' : null;
}

/** Text that JSON writes as it stands, a byte a letter: field names, ids, times. Counting each of those costs the gate more than all other checks. */
const asItIs = /^[ !#-[\]-~]*$/;

const quote = 0x22;
const backslash = 0x5c;
/** \b \t \n \f \r: the control characters with an escape of two letters. */
const shortEscapes = new Set([8, 9, 10, 12, 13]);

/** How many bytes of UTF-8 JSON.stringify makes of a text, or null where the text has a lone surrogate. */
function textBytes(text: string): number | null {
  let bytes = 2;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 0x20) bytes += shortEscapes.has(code) ? 2 : 6;
    else if (code < 0x80) bytes += code === quote || code === backslash ? 2 : 1;
    else if (code < 0x800) bytes += 2;
    else if (code < 0xd800 || code > 0xdfff) bytes += 3;
    else {
      if (text.codePointAt(at)! < 0x10000) return null;
      bytes += 4;
      at += 1;
    }
  }
  return bytes;
}

/** Whether this is an object as JSON has them: neither array nor instance of a class. */
export function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
