// npm run sim: see npm run -s sim -- --help
import { ensureInstalled, runFile } from './ground.js';

await ensureInstalled();
await runFile('tests/sim/sim.ts', process.argv.slice(2));
