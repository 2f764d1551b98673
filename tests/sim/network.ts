import { plainAnswer } from './answer.ts';
import type { Chance } from './chance.ts';
import type { HubProcess } from './hub.ts';
import { contentOf } from './pictures.ts';
import { MemoryResponse, requestOf } from './socket.ts';
import type { Time } from './time.ts';

/** What can happen to one exchange; `fine` is not quite: it takes its time. */
export type Fate = 'fine' | 'lose-request' | 'lose-answer' | 'twice' | 'delay' | 'cut' | 'error-500' | 'error-after';

const faults: Record<Exclude<Fate, 'fine'>, number> = {
  'lose-request': 3,
  'lose-answer': 3,
  twice: 1,
  delay: 1,
  cut: 1,
  'error-500': 1,
  'error-after': 1
};

export type NetworkDeps = {
  time: Time;
  chance: Chance;
  hub: () => HubProcess | null;
  /** Which share of exchanges goes wrong now. */
  share: () => number;
  /** A tab asks, while it has a line. */
  asked(plug: Plug, path: string): void;
  /** A good answer reaches it; cut short, if that is its fate. */
  answered(plug: Plug, path: string, text: string): void;
  exchanged(plug: Plug, path: string, fate: Fate, status: number): void;
  /** The hub took or refused a batch; `isHeard`: its answer is on the way to the device. */
  judged(person: string, path: string, body: string, answer: string, isHeard: boolean): void;
};

export type Network = ReturnType<typeof createNetwork>;

/** What a device knows of its own line. */
export type Plug = { name: string; person: string; isOnline: () => boolean; isDead: () => boolean };

/** Between the devices and the hub: every request and every answer takes a time of its own, so that any two may change places. */
export function createNetwork({ time, chance, hub, share, asked, answered, exchanged, judged }: NetworkDeps) {
  const latency = () => chance.between(5, chance.happens(0.1) ? 1_500 : 80);
  const drawFate = (): Fate => (chance.happens(share()) ? chance.weighted(faults) : 'fine');

  /** The hub's answer, or null when there is none: nobody listens, or it died over it. */
  function ask(
    device: string,
    method: string,
    path: string,
    body: string,
    named: Record<string, string>
  ): Promise<[number, string] | null> {
    const process = hub();
    if (!process || process.isDead()) return Promise.resolve(null);
    return new Promise((resolve) => {
      let text = '';
      const headers = { cookie: `jujube_session=${device}`, 'content-type': 'application/json', ...named };
      const req = requestOf(method, path, headers, body);
      const res: MemoryResponse = new MemoryResponse(
        req,
        (piece) => (text += piece),
        (isWhole) => resolve(isWhole ? [res.statusCode, text] : null)
      );
      process.handle(req, res);
    });
  }

  return {
    fetchFor(plug: Plug): typeof fetch {
      return (input, init) =>
        new Promise<Response>((resolve, reject) => {
          const { signal } = init ?? {};
          // A signal made of others is held by its listeners: each run would stay in memory with all its devices.
          const end = (settle: () => void) => {
            signal?.removeEventListener('abort', abort);
            if (!plug.isDead()) settle();
          };
          const abort = () => end(() => reject(signal!.reason as Error));
          const fail = () => end(() => reject(new TypeError('Failed to fetch')));
          signal?.addEventListener('abort', abort);
          if (!plug.isOnline()) return void time.after(1, fail);
          const { pathname, search } = new URL(String(input));
          const path = pathname + search;
          asked(plug, path);
          const fate = drawFate();
          const told = (status: number) => exchanged(plug, path, fate, status);
          const send = () =>
            ask(plug.name, init?.method ?? 'GET', path, bodyOf(init), (init?.headers ?? {}) as Record<string, string>);
          const arrive = async () => {
            if (fate === 'lose-request') return (told(0), time.after(latency(), fail));
            if (fate === 'error-500') return (told(500), answer(plainAnswer(500, '{"error":"internal"}')));
            if (fate === 'twice') time.after(chance.between(1, 5_000), () => void send());
            const got = await send();
            told(got?.[0] ?? 0);
            if (got && path.endsWith('/_bulk_docs')) {
              const isHeard = fate === 'fine' || fate === 'twice' || fate === 'delay';
              judged(plug.person, path, String(init?.body), got[1], isHeard && got[0] === 201);
            }
            if (!got || fate === 'lose-answer') return time.after(latency(), fail);
            if (fate === 'error-after') return answer(plainAnswer(502, '<html>Bad gateway</html>'));
            const [status, whole] = got;
            const text = fate === 'cut' ? whole.slice(0, whole.length / 2) : whole;
            answer(
              plainAnswer(status, text, { date: httpDate() }, fate !== 'cut'),
              () => status === 200 && answered(plug, path, text)
            );
          };
          const answer = (what: Response, reached: () => unknown = () => undefined) =>
            time.after(fate === 'delay' ? chance.between(5_000, 60_000) : latency(), () => {
              if (!plug.isOnline() || signal?.aborted) return fail();
              end(() => {
                reached();
                resolve(what);
              });
            });
          time.after(fate === 'delay' ? chance.between(100, 20_000) : latency(), () => void arrive());
        });
    },

    /** A stream of server-sent events, in the order they were sent. */
    openEvents(plug: Plug): EventSource {
      const source = { onopen: null, onmessage: null, onerror: null, close } as unknown as EventSource;
      let res: MemoryResponse | null = null;
      let isClosed = false;
      let last = 0;

      function inOrder(run: () => void): void {
        last = Math.max(last + 0.001, time.now() + latency());
        time.after(last - time.now(), () => !isClosed && !plug.isDead() && run());
      }
      function close(): void {
        isClosed = true;
        const mine = res;
        time.after(latency(), () => mine?.destroy());
      }
      const broke = () => inOrder(() => source.onerror?.(new Event('error')));

      inOrder(() => {
        const process = hub();
        if (!plug.isOnline() || !process || process.isDead() || chance.happens(share())) return broke();
        const req = requestOf('GET', '/api/doorbell', { cookie: `jujube_session=${plug.name}` });
        res = new MemoryResponse(
          req,
          (piece) =>
            inOrder(() => {
              if (!plug.isOnline()) return source.onerror?.(new Event('error'));
              const data = /^data: (.*)$/m.exec(piece)?.[1];
              if (data) source.onmessage?.({ data } as MessageEvent);
            }),
          broke
        );
        inOrder(() => source.onopen?.(new Event('open')));
        process.handle(req, res);
      });
      return source;
    }
  };

  function bodyOf(init?: RequestInit): string {
    const { body } = init ?? {};
    return typeof body === 'object' && body !== null ? contentOf(body as Blob) : (body ?? '');
  }

  /** The hub's clock is the run's own. */
  function httpDate(): string {
    return new Date(time.now()).toUTCString();
  }
}
