// npm run size [-- --json]: what a phone has to fetch, in brotli bytes of the build.
import { measureSizes } from '../tests/bench/sizes.ts';

const sizes = await measureSizes();
if (process.argv.includes('--json')) console.log(JSON.stringify(sizes));
else {
  console.log(`Before the first listing: ${(sizes.beforeFirstListing / 1000).toFixed(1)} kB (at most 120)`);
  console.log(`The whole precache:       ${(sizes.precache / 1000).toFixed(1)} kB (at most 400)`);
}
