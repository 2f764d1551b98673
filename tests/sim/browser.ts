/** What tabs of one browser share: Web Locks and a channel, as far as the leader among tabs uses them. */
export type Browser = ReturnType<typeof createBrowser>;

type Held = { tab: object; release(): void; steal(): void };
type Waiting = { tab: object; grant(): void };

export function createBrowser(later: (run: () => void) => void) {
  let held: Held | null = null;
  let line: Waiting[] = [];
  const ears = new Map<object, ((event: MessageEvent) => void)[]>();

  function next(): void {
    if (!held) line.shift()?.grant();
  }

  function free(which: Held): void {
    if (held !== which) return;
    held = null;
    next();
  }

  return {
    /** The tab's own door to both; `die` is the tab closed or crashed. */
    forTab() {
      const tab = {};
      ears.set(tab, []);
      const request = (_name: string, { steal }: { steal?: boolean }, run: () => Promise<void> | undefined) =>
        new Promise<void>((resolve, reject) => {
          const grant = () => {
            const mine: Held = {
              tab,
              release: () => free(mine),
              steal: () => reject(new DOMException('The lock was stolen.', 'AbortError'))
            };
            held = mine;
            later(() => {
              if (!ears.has(tab)) return;
              Promise.resolve(run()).then(() => {
                mine.release();
                resolve();
              }, reject);
            });
          };
          if (steal) {
            const before = held;
            held = null;
            grant();
            before?.steal();
          } else {
            line.push({ tab, grant });
            next();
          }
        });
      return {
        locks: { request } as unknown as Pick<LockManager, 'request'>,
        channel: {
          postMessage(data: unknown) {
            for (const other of ears.keys())
              if (other !== tab)
                later(() => {
                  for (const hear of ears.get(other) ?? []) hear({ data } as MessageEvent);
                });
          },
          addEventListener(_type: string, hear: unknown) {
            ears.get(tab)?.push(hear as (event: MessageEvent) => void);
          },
          close: () => void ears.set(tab, [])
        } as unknown as BroadcastChannel,
        die(): void {
          ears.delete(tab);
          line = line.filter((waiting) => waiting.tab !== tab);
          if (held?.tab === tab) free(held);
        }
      };
    }
  };
}
