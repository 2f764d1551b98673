import type { HubEnv } from '../env.ts';
import { verifyBackup } from '../backup/restore-backup.ts';
import { contentsInWords } from './contents-in-words.ts';

/** Reads the whole file; the first fault is what it fails with. */
export async function verify(_: HubEnv, [file = '']: string[]): Promise<string> {
  const { header, sections } = await verifyBackup(file);
  return `${file} is whole: ${contentsInWords(sections)}, made ${header.createdAt} by Jujube ${header.hub}.`;
}
