export type DoorbellEvent = { circle: string; seq: string | null } | { me: true };

/** Rung for this circle, or for `me`. */
export const isOf = (circle: string) => (event: DoorbellEvent) => 'circle' in event && event.circle === circle;

export type OpenDoorbell = {
  /** Everything heard so far. */
  readonly heard: readonly DoorbellEvent[];
  /** Resolves with the first event, heard already or yet to come, that fits; never before. */
  next(fits: (event: DoorbellEvent) => boolean): Promise<DoorbellEvent>;
  /** The same of what is heard from here on. */
  nextNew(fits: (event: DoorbellEvent) => boolean): Promise<DoorbellEvent>;
  /** Resolves when the hub has ended the stream. */
  ended: Promise<void>;
  close(): void;
};

/** A device's ear: one stream of server-sent events. Rejects with the status when the hub opens none. */
export async function readDoorbell(url: string, cookie: string): Promise<OpenDoorbell> {
  const closing = new AbortController();
  const response = await fetch(`${url}/api/doorbell`, { headers: { cookie }, signal: closing.signal });
  if (response.status !== 200) throw new Error(`The doorbell answered ${response.status}`);
  const heard: DoorbellEvent[] = [];
  const waiting = new Set<() => void>();
  const ended = (async () => {
    let rest = '';
    try {
      for await (const bytes of response.body!.pipeThrough(new TextDecoderStream())) {
        const lines = (rest + bytes).split('\n');
        rest = lines.pop()!;
        for (const line of lines) if (line.startsWith('data: ')) heard.push(JSON.parse(line.slice(6)) as DoorbellEvent);
        for (const look of [...waiting]) look();
      }
    } catch {
      // Cut, by either side.
    }
  })();
  const nextFrom = (from: number, fits: (event: DoorbellEvent) => boolean) =>
    new Promise<DoorbellEvent>((resolve) => {
      let seen = from;
      const look = () => {
        const found = heard.slice(seen).find(fits);
        seen = heard.length;
        if (!found) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
    });
  return {
    heard,
    ended,
    next: (fits) => nextFrom(0, fits),
    nextNew: (fits) => nextFrom(heard.length, fits),
    close: () => closing.abort()
  };
}
