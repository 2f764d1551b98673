import type { Status } from './status.ts';
import type { Me } from './hub-api.ts';
import type { WorkerOps } from './worker-ops.ts';

/** Page to worker. `open` is first; everything asked before it is done waits for it. */
export type Request =
  | { type: 'open'; me: Me }
  | { type: 'ask'; number: number; op: keyof WorkerOps; args: unknown[] }
  | { type: 'looking'; isVisible: boolean; circle?: string }
  | { type: 'online' }
  | { type: 'offline' }
  | { type: 'close' };

export type Fault = { code: string; message: string; field?: string };

/** Worker to page. */
export type Reply =
  | { type: 'answer'; number: number; value?: unknown; fault?: Fault }
  | { type: 'open'; fault?: Fault }
  | { type: 'changed'; circle: string; listings: string[] | 'many' }
  | { type: 'status'; status: Status }
  | { type: 'me'; me: Me }
  | { type: 'needs-sign-in' }
  | { type: 'closed' };

/** Between the workers of one person's tabs; beats of the leader pass here too. */
export type TabWord =
  | { type: 'beat' }
  | { type: 'changed'; circle: string; listings: string[] | 'many' }
  | { type: 'status'; status: Status }
  | { type: 'me'; me: Me }
  | { type: 'needs-sign-in' }
  /** What a tab that does not lead asked of the hub did not get through. */
  | { type: 'failed' };
