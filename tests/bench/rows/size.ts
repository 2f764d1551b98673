import type { Measured, Row } from '../row.ts';
import { measureSizes } from '../sizes.ts';

async function measure(): Promise<Measured> {
  const { beforeFirstListing, precache } = await measureSizes();
  return {
    unit: 'kB',
    ours: [beforeFirstListing / 1_000],
    checks: [
      { what: 'brotli before the first listing', value: beforeFirstListing / 1_000, unit: 'kB', atMost: 120 },
      { what: 'brotli of the whole precache', value: precache / 1_000, unit: 'kB', atMost: 400 }
    ],
    notes: [
      'JavaScript that page and workers request on a fresh profile, signed in, until the first listing’s link shows.'
    ]
  };
}

export const size: Row = { id: 'B8', what: 'JavaScript before the first listing, brotli', measure };
