import type { Row } from './row.ts';
import { gate } from './rows/gate.ts';
import { newest } from './rows/newest.ts';
import { search } from './rows/search.ts';
import { size } from './rows/size.ts';

/** In the order in which they are measured and told. */
export const rows: readonly Row[] = [newest, search, size, gate];
