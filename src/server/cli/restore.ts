import type { HubEnv } from '../env.ts';
import { restoreBackup } from '../backup/restore-backup.ts';
import { contentsInWords } from './contents-in-words.ts';

/** The hub as it was when the backup was made; what came since then the devices hand back. */
export async function restore(env: HubEnv, [file = '']: string[], { replace }: { replace?: boolean }): Promise<string> {
  const { header, sections, aside } = await restoreBackup(file, env, { replace: replace ?? false, clock: Date.now });
  return [
    `The hub is as it was ${header.createdAt}: ${contentsInWords(sections)}.`,
    ...(aside ? [`The old one is kept in ${aside}. Delete it when all is well; it holds secrets.`] : []),
    'Start it now. The devices hand back what came since then, and for an hour at most claims wait until they have.',
    'Accounts made since then are gone, passwords are the old ones, and invites made before no longer work: make new ones.'
  ].join('\n');
}
