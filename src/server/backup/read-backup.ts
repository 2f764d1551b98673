import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import {
  BackupFault,
  formatName,
  formatVersion,
  gzipHeader,
  picturesSection,
  type Doc,
  type Header,
  type Line,
  type Local,
  type Picture,
  type Tally
} from './format.ts';

/** What a backup says, in its order. */
export type Item =
  | { section: string }
  | { section: string; doc: Doc }
  | { section: string; local: Local }
  | { section: string; picture: Picture };

/** What a whole backup amounts to. */
export type Summary = { header: Header; sections: Tally[] };

/** Beyond any line that is written: a picture has 2 MB. */
const longestLine = 64 * 1024 * 1024;

/**
 * Reads a backup through, checking all that can be checked: counts and hashes of each section, of the whole, and of every picture.
 * Throws BackupFault at the first fault, so that only who has read to the end may trust what came before.
 */
export async function* readBackup(file: string): AsyncGenerator<Item, Summary> {
  await checkHeader(file);
  const whole = createHash('sha256');
  const sections: Tally[] = [];
  let header: Header | null = null;
  let open: (Omit<Tally, 'sha256'> & { hash: ReturnType<typeof createHash> }) | null = null;
  let place = 'at its beginning';
  const input = linesOf(file, () => place);
  for await (const text of input) {
    const line = parseLine(text, place);
    if (!header) {
      header = checkFormat(line);
    } else if ('manifest' in line) {
      if (open) throw new BackupFault(`${called(open.section)} does not end.`);
      checkManifest(line, sections, whole.digest('hex'));
      if (!(await input.next()).done) throw new BackupFault('Something stands behind the end of the backup.');
      return { header, sections };
    } else if ('begin' in line) {
      if (open) throw new BackupFault(`${called(open.section)} does not end.`);
      open = { section: line.begin, docs: 0, locals: 0, pictures: 0, hash: createHash('sha256') };
      place = `in ${line.begin}`;
      yield { section: line.begin };
    } else if (!open) {
      throw new BackupFault(`The backup is damaged ${place}: something stands between two sections.`);
    } else if ('end' in line) {
      const { hash, ...counts } = open;
      const found = { ...counts, sha256: hash.digest('hex') };
      checkTally(line.end, found);
      sections.push(found);
      place = `after ${found.section}`;
      open = null;
    } else {
      open.hash.update(text).update('\n');
      const { section } = open;
      if ('doc' in line) {
        open.docs++;
        yield { section, doc: line.doc };
      } else if ('local' in line) {
        open.locals++;
        yield { section, local: line.local };
      } else if ('picture' in line) {
        open.pictures++;
        checkPicture(line.picture);
        yield { section, picture: line.picture };
      } else throw new BackupFault(`The backup is damaged ${place}: a line says nothing that a backup says.`);
    }
    whole.update(text).update('\n');
  }
  throw new BackupFault(`The backup is cut off ${place}: its end is missing.`);
}

const called = (section: string): string =>
  section === picturesSection ? 'The section of pictures' : `The database ${section}`;

/** Its ten bytes are covered by no checksum of gzip's. */
async function checkHeader(file: string): Promise<void> {
  const handle = await open(file).catch((error: NodeJS.ErrnoException) => {
    throw new BackupFault(error.code === 'ENOENT' ? `There is no file ${file}.` : error.message);
  });
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(gzipHeader.length));
    if (!buffer.subarray(0, bytesRead).equals(gzipHeader))
      throw new BackupFault(
        `${file} does not begin like a backup: it is something else, or its first bytes are damaged.`
      );
  } finally {
    await handle.close();
  }
}

function checkFormat(line: Line): Header {
  if (!('format' in line) || line.format !== formatName) throw new BackupFault('This is no backup of a Jujube hub.');
  if (line.version > formatVersion)
    throw new BackupFault(`This backup was made by a newer Jujube (${line.hub}). Update this one first.`);
  return line;
}

function checkTally(stated: Tally, found: Tally): void {
  for (const count of ['docs', 'locals', 'pictures'] as const) {
    if (stated[count] !== found[count])
      throw new BackupFault(
        `${called(found.section)} has ${found[count]} ${count}, but ${stated[count]} were written.`
      );
  }
  if (stated.section !== found.section || stated.sha256 !== found.sha256)
    throw new BackupFault(`${called(found.section)} is not what was written: its hash differs.`);
}

function checkManifest(stated: { manifest: Tally[]; sha256: string }, found: Tally[], sha256: string): void {
  for (const section of stated.manifest) {
    const here = found.find((each) => each.section === section.section);
    if (!here) throw new BackupFault(`${called(section.section)} is missing.`);
    checkTally(section, here);
  }
  if (found.length !== stated.manifest.length || stated.sha256 !== sha256)
    throw new BackupFault('The backup as a whole is not what was written: its hash differs.');
}

function checkPicture({ circle, file, bytes }: Picture): void {
  const sha256 = createHash('sha256').update(Buffer.from(bytes, 'base64')).digest('hex');
  if (!file.startsWith(`${sha256}.`))
    throw new BackupFault(`The picture ${file} of ${circle} is not what its name says.`);
}

function parseLine(text: string, place: string): Line {
  try {
    return JSON.parse(text) as Line;
  } catch {
    throw new BackupFault(`The backup is damaged ${place}.`);
  }
}

/** The lines of the unpacked file; what gzip itself finds wrong is told with the place that was reached. */
async function* linesOf(file: string, place: () => string): AsyncGenerator<string> {
  const source = createReadStream(file);
  const unpacked = source.pipe(createGunzip());
  source.on('error', (error) => unpacked.destroy(error));
  let held: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of unpacked as AsyncIterable<Buffer>) {
      let from = 0;
      for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
        yield Buffer.concat([...held, chunk.subarray(from, end)]).toString('utf8');
        held = [];
        size = 0;
        from = end + 1;
      }
      held.push(chunk.subarray(from));
      size += chunk.length - from;
      if (size > longestLine) throw new BackupFault(`The backup is damaged ${place()}.`);
    }
  } catch (error) {
    if (error instanceof BackupFault) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'Z_BUF_ERROR') throw new BackupFault(`The backup is cut off ${place()}: its end is missing.`);
    throw new BackupFault(`The backup is damaged ${place()} (${message}).`);
  } finally {
    source.destroy();
    unpacked.destroy();
  }
  if (size > 0) throw new BackupFault(`The backup is cut off ${place()}: its end is missing.`);
}
