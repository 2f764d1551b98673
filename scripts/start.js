// npm start: install and build what is missing or stale, then run the hub.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ensureInstalled, must, node, root, run } from './ground.js';
import { build } from './build.js';
import { isStale } from './stamp.js';

await ensureInstalled();
if (isStale()) await build();
else if (!existsSync(join(root, 'src', 'paraglide', 'messages.js'))) await must(node, ['scripts/paraglide.js']);

// npm puts the project's own Node first, so that from the second start on this is that Node and no child is needed.
const entry = join(root, 'src', 'server', 'main.ts');
if (Number(process.versions.node.split('.')[0]) >= 24) await import(entry);
else process.exitCode = await run(node, [entry]);
