import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, loadavg, platform, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { root } from '../../scripts/ground.js';

/** Where figures come from: without it they say nothing. */
export type Machine = {
  cpu: string;
  cores: number;
  memoryGb: number;
  system: string;
  node: string;
  versions: Record<string, string>;
  commit: string | null;
  /** Processes that wanted a core in the last minute, the bench's own among them. */
  load: number;
  at: string;
};

const named = ['dexie', 'minisearch', 'pouchdb', 'pouchdb-find', 'rxdb', '@sveltejs/kit', '@playwright/test'];

export function machine(): Machine {
  const processors = cpus();
  return {
    cpu: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release()}`,
    node: process.version,
    versions: Object.fromEntries(named.map((name) => [name, versionOf(name)])),
    commit: commit(),
    load: Number(loadavg()[0]!.toFixed(1)),
    at: new Date().toISOString()
  };
}

function versionOf(name: string): string {
  const text = readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

/** Null outside a clone. */
function commit(): string | null {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore']
    }).trim();
  } catch {
    return null;
  }
}
