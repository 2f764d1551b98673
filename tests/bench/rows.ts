import type { Row } from './row.ts';
import { coldStart } from './rows/cold-start.ts';
import { gate } from './rows/gate.ts';
import { idle } from './rows/idle.ts';
import { joining } from './rows/joining.ts';
import { live } from './rows/live.ts';
import { newest } from './rows/newest.ts';
import { reconnect } from './rows/reconnect.ts';
import { search } from './rows/search.ts';
import { size } from './rows/size.ts';
import { typing } from './rows/typing.ts';
import { year } from './rows/year.ts';

/** In the order in which they are measured and told. */
export const rows: readonly Row[] = [
  coldStart,
  newest,
  search,
  joining,
  live,
  reconnect,
  typing,
  size,
  year,
  idle,
  gate
];
