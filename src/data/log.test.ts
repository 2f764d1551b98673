import { describe } from 'vitest';
import { logAcceptance } from './testing/log-acceptance.ts';
import { memoryLog } from './testing/memory-pouch.ts';

describe('the log on PouchDB', () => logAcceptance(() => memoryLog()));
