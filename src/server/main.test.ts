import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const slowMs = 60_000;
const program = (file: string) => new URL(file, import.meta.url).pathname;

type Ended = { code: number | null; out: string; err: string };

describe('the hub as a process', () => {
  let data: string;

  beforeAll(async () => {
    data = await mkdtemp(join(tmpdir(), 'jujube-main-'));
  });
  afterAll(() => rm(data, { recursive: true, force: true }));

  const environment = (more: Record<string, string>) => ({ PATH: process.env['PATH'], HUB_DATA: data, ...more });

  /** Runs one of our programs to its end, or until it prints the line that `until` names. */
  function run(file: string, args: string[], env: Record<string, string> = {}, until?: RegExp) {
    const child = spawn(process.execPath, [program(file), ...args], { env: environment(env) });
    const said = { out: '', err: '' };
    child.stderr.on('data', (text) => (said.err += text));
    const ended = new Promise<Ended>((resolve) => child.once('close', (code) => resolve({ code, ...said })));
    const seen = new Promise<void>((resolve) => {
      createInterface({ input: child.stdout }).on('line', (line) => {
        said.out += `${line}\n`;
        if (until?.test(line)) resolve();
      });
    });
    return { child, said, ended, ready: Promise.race([seen, ended.then(() => undefined)]) };
  }
  const hub = (...args: string[]) => run('cli/hub.ts', ['--', ...args]).ended;
  const start = async (env: Record<string, string> = {}) => {
    const running = run('main.ts', [], { PORT: '0', ...env }, /^Phones/);
    await running.ready;
    const url = /^Jujube: (\S+)$/m.exec(running.said.out)?.[1] ?? '';
    const setup = /^Set up: \S+\/setup#(\S+)$/m.exec(running.said.out)?.[1] ?? '';
    return { ...running, url, setup };
  };

  it(
    'prints where it is and how to set it up, until there is an account; the command line works beside it and without it',
    async () => {
      const first = await start();
      expect(first.url).toMatch(/^http:\/\/localhost:\d+$/);
      const answer = await fetch(`${first.url}/api/accounts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ login: 'lin', name: 'Lin', password: 'never worn', setup: first.setup })
      });
      expect(answer.status).toBe(201);
      const cookie = answer.headers.getSetCookie()[0]!.split(';')[0]!;
      const headers = { cookie, 'content-type': 'application/json' };
      const body = JSON.stringify({ name: '302', circleKind: 'circle' });
      const circle = await fetch(`${first.url}/api/circles`, { method: 'POST', headers, body });
      const { id } = (await circle.json()) as { id: string };

      expect(await hub('account', 'list')).toMatchObject({ code: 0, out: expect.stringMatching(/^lin\tLin\t/) });
      expect((await hub('invite')).out).toBe(`${id}\t302\n`);
      const invited = await hub('invite', id, '--uses', '3');
      const token = invited.out.trim().split('/join/')[1];
      expect((await fetch(`${first.url}/api/invites/${token}`)).status).toBe(200);

      first.child.kill('SIGTERM');
      expect(await first.ended).toMatchObject({ code: 0 });

      const reset = await hub('account', 'reset-password', 'lin');
      const password = /: ([a-z0-9-]{19})$/m.exec(reset.out)?.[1];
      const second = await start();
      expect(second.setup).toBe('');
      const signIn = await fetch(`${second.url}/api/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ login: 'lin', password })
      });
      expect(signIn.status).toBe(200);
      expect((await fetch(`${second.url}/api/me`, { headers: { cookie } })).status).toBe(401);

      const circleRecord = ['remove', 'hub:circle:self', '--circle', id];
      expect((await hub(...circleRecord)).code).toBe(0);
      expect((await hub(...circleRecord)).code).toBe(1);
      second.child.kill('SIGINT');
      expect((await second.ended).code).toBe(0);
      expect(second.said.err + first.said.err).not.toMatch(/never worn|jujube_session/);
    },
    slowMs
  );

  it(
    'ends in order when it is told to at the very moment it says that it is up',
    async () => {
      const running = run('main.ts', [], { PORT: '0' }, /^Jujube: /);
      await running.ready;
      running.child.kill('SIGTERM');
      expect((await running.ended).code).toBe(0);
    },
    slowMs
  );

  it(
    'says in a sentence what keeps it from starting',
    async () => {
      const other = createServer().listen(0, '127.0.0.1');
      await new Promise((resolve) => other.once('listening', resolve));
      const PORT = String((other.address() as AddressInfo).port);
      expect(await run('main.ts', [], { PORT }).ended).toMatchObject({
        code: 1,
        err: expect.stringMatching(`^Port ${PORT} is taken\\. .*\\n$`)
      });
      other.close();
      const faults = await run('main.ts', [], { PORT: 'x', HUB_OPEN: 'perhaps' }).ended;
      expect(faults).toMatchObject({ code: 1, err: expect.stringMatching(/- PORT: .*\n- HUB_OPEN: /) });
    },
    slowMs
  );

  it(
    'has a command line with help and exit codes',
    async () => {
      expect(await hub('--help')).toMatchObject({
        code: 0,
        out: expect.stringContaining('account reset-password <login>')
      });
      expect((await hub()).code).toBe(2);
      expect((await hub('account', 'reset-password')).code).toBe(2);
      expect((await hub('invite', 'x', '--forever')).code).toBe(2);
      expect((await hub('account', 'reset-password', 'nobody')).code).toBe(1);
    },
    slowMs
  );
});
