import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isPictureFile } from '../photos.ts';
import { fault, note, type Finding } from './finding.ts';

/** Whether each picture of a circle is what its name says, and whether those are there that were brought. */
export async function* examinePictures(
  photos: string,
  circle: string,
  brought: ReadonlySet<string>
): AsyncGenerator<Finding> {
  const here = new Set<string>();
  for (const file of (await readdir(join(photos, circle)).catch(() => [])).filter(isPictureFile)) {
    const hash = file.split('.', 1)[0]!;
    const bytes = await readFile(join(photos, circle, file)).catch(() => null);
    if (!bytes) continue;
    here.add(hash);
    if (createHash('sha256').update(bytes).digest('hex') !== hash)
      yield fault(`The picture ${circle}/${file} is damaged. Delete it; whoever brought it may still have it.`);
  }
  const lacking = [...brought].filter((hash) => !here.has(hash));
  if (lacking.length > 0)
    yield note(
      `${circle}: ${lacking.length} pictures are not here, the first is ${lacking[0]}. Devices that have them keep showing them.`
    );
}
