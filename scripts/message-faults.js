// Paraglide lets a missing message pass: this finds it, and the message that nothing uses any more.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './ground.js';

const languages = ['en', 'zh-CN'];

function keysOf(language) {
  const { $schema: _schema, ...messages } = JSON.parse(
    readFileSync(join(root, 'messages', `${language}.json`), 'utf8')
  );
  return messages;
}

const placeholders = (text) => [...new Set(JSON.stringify(text).match(/\{\w+\}/g))].sort().join(' ');

/** What stands in `src` as `m.key`, and the prefixes of keys that are put together: m[`why_${code}`]. */
function uses() {
  const named = new Set();
  const prefixes = new Set();
  for (const entry of readdirSync(join(root, 'src'), { recursive: true })) {
    if (!/\.(ts|svelte)$/.test(entry) || entry.startsWith('paraglide')) continue;
    const text = readFileSync(join(root, 'src', entry), 'utf8');
    // The m of /…/m.exec() is a regular expression's flag.
    for (const [, key] of text.matchAll(/(?<![/\w])m\s*\.\s*(\w+)/g)) named.add(key);
    for (const [, prefix] of text.matchAll(/\bm\[`(\w+)\$\{/g)) prefixes.add(prefix);
  }
  return { named, prefixes: [...prefixes] };
}

/** Keys that a language lacks, whose placeholders differ between languages, that code asks for in vain, or that nothing uses. */
export function messageFaults() {
  const texts = languages.map(keysOf);
  const all = new Set(texts.flatMap(Object.keys));
  const { named, prefixes } = uses();
  return {
    missing: [...all].filter((key) => texts.some((messages) => !messages[key])),
    unequal: [...all].filter((key) => new Set(texts.map((messages) => placeholders(messages[key] ?? ''))).size > 1),
    unknown: [...named].filter((key) => !all.has(key)),
    unused: [...all].filter((key) => !named.has(key) && !prefixes.some((prefix) => key.startsWith(prefix)))
  };
}
