import { describe } from 'vitest';
import { logAcceptance } from './testing/log-acceptance.ts';
import { createMemoryLog } from './testing/memory-log.ts';
import { memoryLog } from './testing/memory-pouch.ts';

describe('the log on PouchDB', () => logAcceptance(() => memoryLog()));
describe('the log in memory', () => logAcceptance(() => createMemoryLog()));
