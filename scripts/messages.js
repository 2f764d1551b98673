// Adds messages to both languages at once, sorted, so that the two files never get out of step.
// Use: node scripts/messages.js add FILE.json, where the file holds {"key": {"en": "…", "zh-CN": "…"}}; or: remove KEY …
import { readFileSync, renameSync, writeFileSync } from 'node:fs';

const languages = ['en', 'zh-CN'];
const fileOf = (language) => new URL(`../messages/${language}.json`, import.meta.url);

function update(change) {
  for (const language of languages) {
    const { $schema, ...messages } = JSON.parse(readFileSync(fileOf(language), 'utf8'));
    change(messages, language);
    const sorted = Object.fromEntries(Object.entries(messages).sort(([a], [b]) => (a < b ? -1 : 1)));
    const scratch = new URL(`${fileOf(language)}.${process.pid}`);
    writeFileSync(scratch, JSON.stringify({ $schema, ...sorted }, null, 2) + '\n');
    renameSync(scratch, fileOf(language));
  }
}

const [verb, ...rest] = process.argv.slice(2);
if (verb === 'add' && rest.length === 1) {
  const added = JSON.parse(readFileSync(rest[0], 'utf8'));
  const lame = Object.keys(added).filter((key) => languages.some((language) => added[key][language] === undefined));
  if (lame.length > 0) {
    console.error(`These keys lack a language (${languages.join(', ')}): ${lame.join(', ')}`);
    process.exit(1);
  }
  update((messages, language) => {
    for (const key of Object.keys(added)) messages[key] = added[key][language];
  });
} else if (verb === 'remove' && rest.length > 0) {
  update((messages) => {
    for (const key of rest) delete messages[key];
  });
} else {
  console.error('Use: node scripts/messages.js add FILE.json | remove KEY …');
  process.exit(2);
}
