/** What a worker of the bench can be asked; arguments and answers travel by structured clone. */
export type Ops = Record<string, (...args: never[]) => unknown>;

type Asked = { number: number; op: string; args: unknown[] };
type Answer = { number: number; value?: unknown; fault?: string };

/** Called once in a worker. */
export function expose(ops: Ops): void {
  self.addEventListener('message', ({ data }: MessageEvent<Asked>) => {
    void answer(data).then((told) => self.postMessage(told));
  });
  async function answer({ number, op, args }: Asked): Promise<Answer> {
    try {
      return { number, value: await (ops[op] as (...args: unknown[]) => unknown)(...args) };
    } catch (error) {
      return { number, fault: error instanceof Error ? `${error.message}\n${error.stack}` : String(error) };
    }
  }
}

/** The page's end: asks a worker. */
export function connect(worker: Worker): (op: string, args: unknown[]) => Promise<unknown> {
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let number = 0;
  worker.addEventListener('message', ({ data }: MessageEvent<Answer>) => {
    const asked = waiting.get(data.number);
    waiting.delete(data.number);
    if (data.fault === undefined) asked?.resolve(data.value);
    else asked?.reject(new Error(data.fault));
  });
  worker.addEventListener('error', ({ message }) => {
    for (const { reject } of waiting.values()) reject(new Error(`A worker failed: ${message}`));
    waiting.clear();
  });
  return (op, args) =>
    new Promise((resolve, reject) => {
      waiting.set(++number, { resolve, reject });
      worker.postMessage({ number, op, args });
    });
}
