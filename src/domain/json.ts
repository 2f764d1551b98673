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
    if (asItIs.test(text)) {
      left -= text.length + 2;
      return true;
    }
    left -= text.length > left ? text.length : utf8.encode(JSON.stringify(text)).length;
    return left < 0 || text.isWellFormed();
  }

  function weighMembers(part: object, depth: number): boolean {
    const list = Array.isArray(part);
    if (!list && !isPlain(part)) return false;
    const members = list ? part.map((value): [string, unknown] => ['', value]) : definedEntries(part);
    left -= 2 + Math.max(0, members.length - 1);
    return members.every(([name, value]) => {
      if (!list && !weighText(name)) return false;
      if (!list) left -= 1;
      return weigh(value, depth + 1);
    });
  }

  if (!weigh(value, 0)) return 'not-json';
  return left < 0 ? 'too-large' : null;
}

const utf8 = new TextEncoder();

/** Text that JSON writes as it stands, a byte a letter: field names, ids, times. Encoding each of those costs the gate more than all other checks. */
const asItIs = /^[ !#-[\]-~]*$/;

function definedEntries(part: object): [string, unknown][] {
  return Object.entries(part).filter(([, value]) => value !== undefined);
}

/** Whether this is an object as JSON has them: neither array nor instance of a class. */
export function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
