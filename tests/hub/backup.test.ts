import { createHash } from 'node:crypto';
import { cp, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { allotmentId, type Allotment } from '#domain/allotment/allotment.ts';
import { claimId, makeClaim, type Claim } from '#domain/claim/claim.ts';
import { makeListing } from '#domain/listing/listing.ts';
import { BackupFault } from '#server/backup/format.ts';
import { verifyBackup } from '#server/backup/restore-backup.ts';
import type { HubProcess } from '../hub-process.ts';
import { inviteTo, moveIn, type Person } from '../people.ts';
import { onEveryBackendAsProcess } from '../start-hub.ts';
import { until } from '../until.ts';

const now = new Date().toISOString();

onEveryBackendAsProcess('a hub in one file', (startHub) => {
  let hub: HubProcess;
  let directory: string;
  let backup: string;
  let circle: string;
  let lin: Person;
  let mei: Person;
  let hash: string;
  const jujubes = () => makeListing({ title: 'Jujubes', quantity: 2 }, { author: lin.id, now, key: 'jujubes' });
  const claims = async (places: number) =>
    until('the claims are answered', async () => {
      const allotment = await lin.read<Allotment>(circle, allotmentId(jujubes()._id));
      return allotment?.places.length === places && allotment;
    });

  beforeAll(async () => {
    hub = await startHub();
    directory = await mkdtemp(join(tmpdir(), 'jujube-backup-'));
    backup = join(directory, 'hub.backup');
    const household = await moveIn(hub.url, { setup: hub.setUpToken, names: ['Lin', 'Mei'] });
    circle = household.circle;
    [lin, mei] = household.people;
    await lin.write(circle, jujubes());
    await mei.write(circle, makeClaim({ subject: jujubes()._id }, { author: mei.id, now }));
    const picture = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'brown' } })
      .jpeg()
      .toBuffer();
    hash = createHash('sha256').update(picture).digest('hex');
    const put = await fetch(`${hub.url}/api/circles/${circle}/photos/${hash}`, {
      method: 'PUT',
      headers: { cookie: lin.cookie, 'content-type': 'image/jpeg' },
      body: new Uint8Array(picture)
    });
    expect(put.status).toBe(201);
    await claims(1);
  }, 60_000);
  afterAll(async () => {
    await hub.remove();
    await rm(directory, { recursive: true });
  });

  const changed = async (name: string, change: (bytes: Buffer) => Buffer) => {
    const file = join(directory, name);
    await writeFile(file, change(await readFile(backup)));
    return file;
  };
  const lines = (bytes: Buffer) => gunzipSync(bytes).toString().trimEnd().split('\n');
  const packed = (bytes: string[]) => {
    const gzip = gzipSync(`${bytes.join('\n')}\n`);
    gzip.set([0, 255], 8); // as a backup begins
    return gzip;
  };

  it('is written while the hub runs, for its owner alone, and verifies', async () => {
    expect(await hub.command('backup', backup)).toMatchObject({
      code: 0,
      err: '',
      out: expect.stringMatching(/keep it where only you/)
    });
    expect((await stat(backup)).mode & 0o777).toBe(0o600);
    expect(await readdir(directory)).toEqual(['hub.backup']);
    const verified = await hub.command('verify', backup);
    expect(verified).toMatchObject({ code: 0, out: expect.stringMatching(/is whole: 4 databases .* and 1 pictures/) });
    const said = lines(await readFile(backup)).map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(said[0]).toMatchObject({ format: 'jujube-backup', version: 1 });
    expect(said.at(-1)).toMatchObject({ manifest: expect.any(Array), sha256: expect.any(String) });
    expect(said.some(({ local }) => (local as { id: string } | undefined)?.id === 'notary')).toBe(true);
  });

  it('is refused with any byte changed', { timeout: 60_000 }, async () => {
    const { size } = await stat(backup);
    const places = [0, 3, 5, 9, 20, Math.floor(size / 3), Math.floor(size / 2), size - 9, size - 5, size - 1];
    for (const place of places) {
      const file = await changed('flipped', (bytes) => {
        bytes[place]! ^= 1;
        return bytes;
      });
      await expect(verifyBackup(file), `byte ${place}`).rejects.toThrow(BackupFault);
    }
  });

  it('is refused when it was cut off, wherever', { timeout: 60_000 }, async () => {
    const { size } = await stat(backup);
    const file = join(directory, 'short');
    for (const left of [0, 5, 200, Math.floor(size / 2), size - 9, size - 1]) {
      await cp(backup, file);
      await truncate(file, left);
      await expect(verifyBackup(file), `${left} bytes`).rejects.toThrow(BackupFault);
    }
    const told = { code: 1, out: '', err: expect.stringMatching(/^The backup is cut off .*: its end is missing\.\n$/) };
    expect(await hub.command('verify', file)).toEqual(told);
  });

  it('names what is missing or was changed, even where gzip itself is sound', { timeout: 60_000 }, async () => {
    const name = `c-${circle}`;
    const without = await changed('without', (bytes) => {
      const all = lines(bytes);
      const from = all.indexOf(JSON.stringify({ begin: name }));
      const to = all.findIndex((line, index) => index > from && line.startsWith('{"end"'));
      return packed([...all.slice(0, from), ...all.slice(to + 1)]);
    });
    await expect(verifyBackup(without)).rejects.toThrow(`The database ${name} is missing.`);
    const lacking = await changed('lacking', (bytes) =>
      packed(lines(bytes).filter((line) => !line.includes('"title":"Jujubes"')))
    );
    await expect(verifyBackup(lacking)).rejects.toThrow(`The database ${name} has `);
    const other = await changed('other', (bytes) =>
      packed(lines(bytes).map((line) => line.replace('Jujubes', 'Oranges')))
    );
    await expect(verifyBackup(other)).rejects.toThrow(`The database ${name} is not what was written`);
    await expect(verifyBackup(join(directory, 'none'))).rejects.toThrow('There is no file');
  });

  it(
    'is not restored under a running hub, nor over one with accounts unless told so, nor damaged',
    { timeout: 60_000 },
    async () => {
      expect(await hub.command('restore', backup, '--replace')).toMatchObject({
        code: 1,
        err: expect.stringMatching(/running/)
      });
      await hub.stop();
      expect(await hub.command('restore', backup)).toMatchObject({ code: 1, err: expect.stringMatching(/--replace/) });
      expect((await hub.command('restore', join(directory, 'other'), '--replace')).code).toBe(1);
      await hub.start();
      expect((await claims(1)).places).toMatchObject([{ state: 'given' }]);
    }
  );

  it(
    'brings back accounts, records with their histories, pictures and the hub’s key, in a new era',
    { timeout: 60_000 },
    async () => {
      const era = async () => (await lin.call('GET', '/api/me')).body['era'];
      const before = await era();
      const revisions = async (id: string) =>
        (await lin.call('GET', `/db/${circle}/${encodeURIComponent(id)}?revs=true`)).body['_revisions'];
      const history = await revisions(allotmentId(jujubes()._id));
      const invite = await inviteTo(lin, circle);
      const again = join(directory, 'again.backup');
      expect((await hub.command('backup', again)).code).toBe(0);
      await lin.write(circle, makeListing({ title: 'Later' }, { author: lin.id, now, key: 'later' }));
      await hub.stop();
      expect(await hub.command('restore', again, '--replace')).toMatchObject({
        code: 0,
        out: expect.stringMatching(/old one is kept in/)
      });
      await hub.start();
      expect(await era()).not.toBe(before);
      expect(await lin.read(circle, `${lin.id}:listing:later`)).toBeNull();
      expect(await revisions(allotmentId(jujubes()._id))).toEqual(history);
      const picture = await fetch(`${hub.url}/api/circles/${circle}/photos/${hash}`, {
        headers: { cookie: mei.cookie }
      });
      expect(picture.status).toBe(200);
      expect((await fetch(`${hub.url}/api/invites/${invite}`)).status).toBe(410);
      const doctor = await hub.command('doctor');
      expect(doctor).toMatchObject({ code: 0, out: expect.stringMatching(/Nothing is wrong/) });
      const claim = (await mei.read<Claim>(circle, claimId(mei.id, jujubes()._id)))!;
      await mei.write(circle, { ...claim, quantity: 2 });
      expect((await claims(2)).next).toBe(3);
    }
  );

  it('is put in an empty hub’s place without a word', { timeout: 60_000 }, async () => {
    await hub.stop();
    const other = await startHub();
    await other.stop();
    expect(await other.command('restore', backup)).toMatchObject({ code: 0, err: '' });
    await other.start();
    const listed = await other.command('account', 'list');
    expect(listed.out).toMatch(/^lin\tLin\t.*\nmei\tMei\t/);
    await other.remove();
  });
});
