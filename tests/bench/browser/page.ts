import { connect } from './rpc.ts';

declare global {
  interface Window {
    /** Asks one of the page's workers, which is started by the first question. */
    ask(worker: string, op: string, args: unknown[]): Promise<unknown>;
    /** Ends a worker with all that it has open. */
    end(worker: string): void;
  }
}

/** Lets whoever drives the page ask its workers. */
export function offer(start: Record<string, () => Worker>): void {
  const started = new Map<string, { worker: Worker; ask: ReturnType<typeof connect> }>();
  window.ask = (name, op, args) => {
    let one = started.get(name);
    if (!one) {
      const worker = start[name]!();
      one = { worker, ask: connect(worker) };
      started.set(name, one);
    }
    return one.ask(op, args);
  };
  window.end = (name) => {
    started.get(name)?.worker.terminate();
    started.delete(name);
  };
}
