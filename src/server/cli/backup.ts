import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { writeBackup } from '../backup/write-backup.ts';
import { contentsInWords } from './contents-in-words.ts';
import { Refusal, type Tools } from './tools.ts';

/** One file with everything. With CouchDB the pictures are where `HUB_DATA` is, so it has to be made there. */
export async function backup({ couch, env, clock, accounts }: Tools, [file = '']: string[]): Promise<string> {
  if (!(await accounts.any()))
    throw new Refusal('There is no account here, so nothing to back up. Do the settings fit the hub’s own?');
  const sections = await writeBackup({ couch, photos: join(env.data, 'photos'), clock }, file);
  const megabytes = ((await stat(file)).size / 1024 ** 2).toFixed(1);
  return [
    `${file}: ${contentsInWords(sections)}, ${megabytes} MB.`,
    'It holds everybody’s private words, the hub’s key and what passwords are checked by: keep it where only you can read it.',
    `"verify ${file}" reads it through.`
  ].join('\n');
}
