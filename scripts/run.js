// node scripts/run.js FILE …: the same as npm start does, for another program of ours.
import { ensureBuilt } from './build.js';
import { ensureInstalled, runFile } from './ground.js';

const [file, ...args] = process.argv.slice(2);
if (file === undefined) throw new Error('Name the file to run');
await ensureInstalled();
await ensureBuilt();
await runFile(file, args);
