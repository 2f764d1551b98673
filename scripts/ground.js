// What every command stands on. Plain JavaScript that Node 20 runs with nothing installed.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

const bin = join(root, 'node_modules', '.bin');

/** The Node the project pins, whatever the machine has. */
export const node = join(bin, process.platform === 'win32' ? 'node.cmd' : 'node');

const path = [bin, process.env.PATH].join(delimiter);

/**
 * Starts a program of the project (or the system) in the root; signals sent to us reach it. Resolves to its exit code.
 * `aside`: what it prints goes to stderr, so that stdout holds only what was asked for.
 */
export async function run(program, args = [], { env = {}, aside = false } = {}) {
  const child = spawn(program, args, {
    cwd: root,
    stdio: ['inherit', aside ? 2 : 'inherit', 'inherit'],
    env: { ...process.env, PATH: path, ...env },
    shell: process.platform === 'win32'
  });
  // A terminal sends Ctrl-C to the whole group already: once is enough.
  const signals = process.stdin.isTTY ? ['SIGTERM', 'SIGHUP'] : ['SIGINT', 'SIGTERM', 'SIGHUP'];
  const passOn = (signal) => child.kill(signal);
  const ignore = () => undefined;
  for (const signal of signals) process.on(signal, passOn);
  if (process.stdin.isTTY) process.on('SIGINT', ignore);
  try {
    return await new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('exit', (code, signal) => resolve(code ?? 128 + (constants.signals[signal] ?? 0)));
    });
  } finally {
    for (const signal of signals) process.off(signal, passOn);
    process.off('SIGINT', ignore);
  }
}

/** Like `run`, but a failure ends this process with the same code. */
export async function must(program, args, options) {
  const code = await run(program, args, options);
  if (code !== 0) process.exit(code);
}

/** `npm ci` unless node_modules already is what package-lock.json says. */
export async function ensureInstalled() {
  const stamp = join(root, 'node_modules', '.jujube-lock');
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(node) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  if (existsSync(node) && lstatSync(join(root, 'node_modules')).isSymbolicLink()) {
    console.error(
      'node_modules is a link to somebody else’s and not what package-lock.json says: it is left as it is.'
    );
    return;
  }
  console.error('Installing what package-lock.json names …');
  await must('npm', ['ci', '--no-audit', '--no-fund'], { aside: true });
  writeFileSync(stamp, wanted);
}

/**
 * Runs a program of ours to its end. npm puts the project's own Node first, so that from the second start on this process
 * already is that Node and becomes the program; before, it is a child.
 */
export async function runFile(file, args = []) {
  const path = join(root, file);
  endWithNpm();
  if (Number(process.versions.node.split('.')[0]) < 24) {
    process.exitCode = await run(node, [path, ...args]);
    return;
  }
  process.argv = [process.execPath, path, ...args];
  await import(pathToFileURL(path).href);
}

/** A signal to npm ends npm and its shell, and would leave the program behind: when its parent is gone it ends in order. */
function endWithNpm() {
  if (!process.env.npm_lifecycle_event) return; // started by itself, it may well outlive the terminal
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
  }, 1_000);
  watch.unref();
}
