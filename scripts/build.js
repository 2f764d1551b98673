// npm run build: the app and its shell into build/, with the stamp that `npm start` compares.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureInstalled, must, node, root } from './ground.js';
import { messageFaults } from './message-faults.js';
import { contentStamp, isStale, writeStamp } from './stamp.js';

/** The build, and what the hub needs beside it, unless both are there and fresh. */
export async function ensureBuilt() {
  if (isStale()) await build();
  else if (!existsSync(join(root, 'src', 'paraglide', 'messages.js'))) {
    await must(node, ['scripts/paraglide.js'], { aside: true });
  }
}

async function build() {
  const { missing } = messageFaults();
  if (missing.length > 0) {
    console.error(`Messages that a language lacks: ${missing.join(', ')}`);
    process.exit(1);
  }
  const stamp = contentStamp(); // before, so that what changes meanwhile makes the next start build again
  await must('vite', ['build'], { aside: true });
  writeStamp(stamp);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await ensureInstalled();
  await build();
}
