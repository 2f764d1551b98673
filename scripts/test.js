// npm test: everything that must hold, on a fresh clone too. Ends with "N passed, N failed" alone on a line.
import { ensureBrowser } from './browser.js';
import { ensureInstalled, node } from './ground.js';
import { isStale } from './stamp.js';
import { createSteps, program } from './steps.js';

await ensureInstalled();
const { step, tests, miss, close } = createSteps();

await step('messages and types of the framework', async () => {
  return (await program(node, 'scripts/paraglide.js')) && (await program('svelte-kit', 'sync'));
});
await step('format', () => program('prettier', '--check', '--log-level', 'warn', '.'));
await step('lint', () => program('eslint', '.', '--max-warnings', '0'));
await step('types', () => program('svelte-check', '--tsconfig', './tsconfig.json', '--fail-on-warnings'));
await step('unit', () => tests('vitest'));
// As many lives of the whole as fit into a minute or so, and a few planted faults, which show that it can fail.
await step('simulation', () => program(node, 'scripts/sim.js', '--seeds', '200', '--plants', '3'));
const built = await step('build', async () => !isStale() || program(node, 'scripts/build.js'));
if (built) await step('journeys', async () => (await ensureBrowser()) !== null && tests('playwright'));
else miss('journeys (not run: there is no build)');
close();
