import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, symlink } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { node, root } from '../../scripts/ground.js';

/** What a device keeps, and in which tables. */
const schemas = ['src/data/device-store.ts', 'src/data/read-model.ts'];

const git = (...args: string[]) => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();

/** The last version that people had: the last tag, else what stood before the last change of a schema. */
function previousCommit(): string {
  const tag = git('tag', '--sort=-creatordate', '--merged', 'HEAD').split('\n')[0];
  if (tag) return git('rev-parse', `${tag}^{commit}`);
  const changed = git('log', '-1', '--format=%H', '--', ...schemas);
  return git('rev-parse', `${changed}^`);
}

/** A folder with that version and its build, made once; it shares node_modules with this one. */
export async function previousBuild(): Promise<string> {
  const commit = previousCommit();
  const folder = join(tmpdir(), `jujube-${userInfo().uid}-${commit.slice(0, 12)}`);
  if (existsSync(join(folder, 'build', 'stamp'))) return folder;
  const making = `${folder}.${process.pid}`;
  await mkdir(making);
  const archive = join(making, 'archive.tar');
  git('archive', `--output=${archive}`, commit);
  execFileSync('tar', ['-xf', archive, '-C', making]);
  await symlink(join(root, 'node_modules'), join(making, 'node_modules'));
  execFileSync(node, [join(making, 'scripts', 'build.js')], { cwd: making, stdio: 'pipe' }); // throws with what it said
  await rm(folder, { recursive: true, force: true });
  await rename(making, folder);
  return folder;
}
