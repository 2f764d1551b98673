// npm run build: the app and its shell into build/, with the stamp that `npm start` compares.
import { fileURLToPath } from 'node:url';
import { ensureInstalled, must } from './ground.js';
import { messageFaults } from './message-faults.js';
import { contentStamp, writeStamp } from './stamp.js';

export async function build() {
  const { missing } = messageFaults();
  if (missing.length > 0) {
    console.error(`Messages that a language lacks: ${missing.join(', ')}`);
    process.exit(1);
  }
  const stamp = contentStamp(); // before, so that what changes meanwhile makes the next start build again
  await must('vite', ['build']);
  writeStamp(stamp);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await ensureInstalled();
  await build();
}
