// npm run demo [-- --json]: a throw-away hub full of neighbours, things and claims; stays up until it is stopped.
import { startHubProcess } from '../hub-process.ts';
import { settleIn } from './cast.ts';
import { live } from './claims.ts';
import { fillShelves } from './post.ts';

const json = process.argv.includes('--json');
const port = process.env['PORT'] ?? '3000';

const hub = await startHubProcess({ PORT: port, ...(process.env['ORIGIN'] && { ORIGIN: process.env['ORIGIN'] }) });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, leave);

try {
  if (!json) console.log('The neighbours are moving in …');
  const cast = await settleIn(hub.url, hub.setUpToken);
  await live(cast, await fillShelves(cast, Date.now()));
  tell(cast);
} catch (error) {
  await hub.remove();
  throw error;
}

function tell({ people, circles }: Awaited<ReturnType<typeof settleIn>>) {
  if (json) {
    const list = people.map(({ login, password, id, name }) => ({ login, password, id, name }));
    console.log(JSON.stringify({ url: hub.url, people: list, circles }));
    return;
  }
  console.log(`Jujube: ${hub.url}\n\nSign in as one of these; the password is ${people[0]?.password}\n`);
  for (const { login, name } of people) console.log(`  ${login.padEnd(14)}${name}`);
  console.log('\nEverything here is gone when you stop it (Ctrl-C).');
}

async function leave() {
  await hub.remove();
  process.exit(0);
}
