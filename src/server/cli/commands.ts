import type { ParseArgsConfig } from 'node:util';
import { variables, type HubEnv } from '../env.ts';
import { accountList, resetPassword } from './account.ts';
import { backup } from './backup.ts';
import { doctor } from './doctor.ts';
import { invite } from './invite.ts';
import { remove } from './remove.ts';
import { restore } from './restore.ts';
import type { Tools } from './tools.ts';
import { verify } from './verify.ts';

export type Command = {
  words: string[];
  /** Shown as they stand; those in square brackets may be left out. */
  arguments: string[];
  options?: ParseArgsConfig['options'];
  help: string;
} & (
  | { run(tools: Tools, given: string[], options: Options): Promise<string> }
  /** What works on files, or must have the hub's data to itself, gets the settings alone. */
  | { runAlone(env: HubEnv, given: string[], options: Options): Promise<string> }
);

type Options = Record<string, string | boolean | undefined>;

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;

/** Every command, as `--help` tells them. */
export const commands: readonly Command[] = [
  { words: ['account', 'list'], arguments: [], help: 'every account: login, name, id, since when', run: accountList },
  {
    words: ['account', 'reset-password'],
    arguments: ['<login>'],
    help: 'gives a new password, prints it once, and ends all of the person’s sessions',
    run: resetPassword
  },
  {
    words: ['invite'],
    arguments: ['[circle]'],
    options: { uses: text, hours: text },
    help: 'an invite in the name of the longest-standing steward [--uses 1] [--hours 72]; without a circle it lists them',
    run: invite
  },
  {
    words: ['remove'],
    arguments: ['<record>'],
    options: { circle: text },
    help: 'leaves a tombstone of one record, where the law or somebody’s privacy asks for it: --circle <id>',
    run: remove
  },
  {
    words: ['backup'],
    arguments: ['<file>'],
    help: 'writes the whole hub into one file, while it runs or not; the file holds secrets',
    run: backup
  },
  {
    words: ['verify'],
    arguments: ['<file>'],
    help: 'reads a backup through and names the first fault',
    runAlone: verify
  },
  {
    words: ['restore'],
    arguments: ['<file>'],
    options: { replace: flag },
    help: 'puts a backup in place of the hub, which must not be running [--replace: over one that has accounts]',
    runAlone: restore
  },
  {
    words: ['doctor'],
    arguments: [],
    help: 'looks through the whole hub and says what is wrong with it',
    run: doctor
  }
];

export function helpText(): string {
  const rows = commands.map(({ words, arguments: names, help: what }) => {
    return `  ${[...words, ...names].join(' ').padEnd(34)} ${what}`;
  });
  const settings = [variables.data, variables.couchUrl, variables.couchPrefix, variables.origin];
  return [
    'npm run hub -- <command>',
    '',
    ...rows,
    '',
    'All but restore work while the hub runs and while it does not. They read the same settings as the hub:',
    ...settings.map(({ name, description }) => `  ${name.padEnd(16)} ${description}`),
    '',
    'Exit codes: 0 done and well, 1 could not be done or something is wrong, 2 not understood.'
  ].join('\n');
}
