import type { ParseArgsConfig } from 'node:util';
import { variables } from '../env.ts';
import { accountList, resetPassword } from './account.ts';
import { invite } from './invite.ts';
import { remove } from './remove.ts';
import type { Tools } from './tools.ts';

export type Command = {
  words: string[];
  /** Shown as they stand; those in square brackets may be left out. */
  arguments: string[];
  options?: ParseArgsConfig['options'];
  help: string;
  run(tools: Tools, given: string[], options: Record<string, string | undefined>): Promise<string>;
};

const text = { type: 'string' } as const;

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
    'It works while the hub runs and while it does not. It reads the same settings as the hub:',
    ...settings.map(({ name, description }) => `  ${name.padEnd(16)} ${description}`),
    '',
    'Exit codes: 0 done, 1 could not be done, 2 not understood.'
  ].join('\n');
}
