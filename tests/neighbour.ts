import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { recordId } from '#domain/id.ts';
import type { AnyRecord } from '#domain/kinds.ts';
import { makePhoto, photoId } from '#domain/photo/photo.ts';
import sharp from 'sharp';
import { rgbaToThumbHash } from 'thumbhash';

type Row = { id: string; error?: string; reason?: string };
type Place = { claim: string; state: string };
type Way = { setup: string } | { invite: string };

export type Answer = { status: number; body: Record<string, unknown>; cookie: string };

/** A person of the cast, who has nothing but an account, a cookie and the public calls. */
export class Neighbour {
  readonly url: string;
  readonly login: string;
  readonly name: string;
  readonly password: string;
  id = '';
  cookie = '';

  constructor(url: string, login: string, name: string, password: string) {
    this.url = url;
    this.login = login;
    this.name = name;
    this.password = password;
  }

  /** One call to the hub, whatever it answers. */
  async ask(method: string, path: string, body?: unknown): Promise<Answer> {
    const isRaw = body instanceof Uint8Array;
    const response = await fetch(this.url + path, {
      method,
      headers: {
        cookie: this.cookie,
        ...(body !== undefined && { 'content-type': isRaw ? 'image/jpeg' : 'application/json' })
      },
      body: isRaw ? new Blob([body as Uint8Array<ArrayBuffer>]) : JSON.stringify(body)
    });
    const text = await response.text();
    const [set = ''] = response.headers.getSetCookie();
    return { status: response.status, body: text ? JSON.parse(text) : {}, cookie: set.split(';')[0]! };
  }

  /** The same for what has to go well: throws on anything but success. */
  async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    return (await this.#must(method, path, body)).body as T;
  }

  async #must(method: string, path: string, body?: unknown): Promise<Answer> {
    const answer = await this.ask(method, path, body);
    if (answer.status < 300) return answer;
    throw new Error(`${this.login}: ${method} ${path} answered ${answer.status} ${JSON.stringify(answer.body)}`);
  }

  /** The session that comes with the answer is hers from then on. */
  async #enter(path: string, body: object): Promise<void> {
    const answer = await this.#must('POST', path, body);
    this.id = answer.body['id'] as string;
    this.cookie = answer.cookie;
  }

  async signUp(way: Way): Promise<void> {
    const { login, name, password } = this;
    await this.#enter('/api/accounts', { login, name, password, ...way });
  }

  /** On a further device. */
  async signIn(): Promise<void> {
    const { login, password } = this;
    await this.#enter('/api/session', { login, password });
  }

  async found(circle: { name: string; circleKind: 'circle' | 'chapter'; city?: string }): Promise<string> {
    return (await this.call<{ id: string }>('POST', '/api/circles', circle)).id;
  }

  async invite(circle: string, uses: number): Promise<string> {
    return (await this.call<{ token: string }>('POST', `/api/circles/${circle}/invites`, { uses })).token;
  }

  async join(token: string): Promise<void> {
    await this.call('POST', `/api/invites/${token}/accept`);
  }

  /** Writes records as any CouchDB client does; throws when a row is refused. */
  async save(circle: string, ...docs: AnyRecord[]): Promise<void> {
    const rows = await this.call<Row[]>('POST', `/db/${circle}/_bulk_docs`, { docs });
    const refused = rows.find(({ error }) => error !== undefined);
    if (refused) throw new Error(`${this.login}: ${refused.id} was refused: ${refused.reason}`);
  }

  async read<T>(circle: string, id: string): Promise<T> {
    return this.call<T>('GET', `/db/${circle}/${encodeURIComponent(id)}`);
  }

  /** Changes a record of one's own. */
  async change<T extends AnyRecord>(circle: string, id: string, change: (before: T) => T): Promise<void> {
    await this.save(circle, change(await this.read<T>(circle, id)));
  }

  /** Brings a picture to the hub and says so in the circle; the photo record's id. */
  async showPicture(circle: string, jpeg: Buffer): Promise<ReturnType<typeof photoId>> {
    const hash = createHash('sha256').update(jpeg).digest('hex');
    await this.call('PUT', `/api/circles/${circle}/photos/${hash}`, jpeg);
    const { width, height } = await sharp(jpeg).metadata();
    const small = await sharp(jpeg)
      .resize(100, 100, { fit: 'inside' })
      .ensureAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    const thumbhash = Buffer.from(rgbaToThumbHash(small.info.width, small.info.height, small.data)).toString('base64');
    const now = new Date().toISOString();
    await this.save(
      circle,
      makePhoto(
        { width, height, bytes: jpeg.length, type: 'image/jpeg', thumbhash, uploadedAt: now },
        { author: this.id, now, key: hash }
      )
    );
    return photoId(this.id, hash);
  }

  /** Looks at a picture as a shelf does: the hub makes the small one now. */
  async fetchThumbnail(circle: string, photo: string): Promise<void> {
    const hash = photo.slice(photo.lastIndexOf(':') + 1);
    const response = await fetch(`${this.url}/api/circles/${circle}/photos/${hash}?w=320`, {
      headers: { cookie: this.cookie }
    });
    if (!response.ok) throw new Error(`${this.login}: the small picture ${photo} answered ${response.status}`);
    await response.arrayBuffer();
  }

  /** Waits until the hub has written down what became of every one of these claims. */
  async untilAnswered(circle: string, offer: string, claims: readonly string[]): Promise<void> {
    const allotment = recordId('hub', 'allotment', offer);
    for (const until = Date.now() + 10_000; Date.now() < until; await wait(50)) {
      const { rows } = await this.call<{ rows: { doc?: { places: Place[] } }[] }>(
        'POST',
        `/db/${circle}/_all_docs?include_docs=true`,
        {
          keys: [allotment]
        }
      );
      const answered = new Set(rows[0]?.doc?.places.map(({ claim }) => claim));
      if (claims.every((claim) => answered.has(claim))) return;
    }
    throw new Error(`The hub did not answer ${claims.join(', ')}`);
  }
}
