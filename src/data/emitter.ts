type Listener = { (...args: unknown[]): unknown; once?: Listener };

// Beside the objects: PouchDB makes its databases without ever running a constructor of ours.
const all = new WeakMap<Emitter, Map<string, Listener[]>>();

function ofThis(emitter: Emitter): Map<string, Listener[]> {
  const standing = all.get(emitter) ?? new Map<string, Listener[]>();
  all.set(emitter, standing);
  return standing;
}

/** As much of Node's EventEmitter as PouchDB uses, with the same order and the same throw of an `error` that nobody hears. */
export default class Emitter {
  on(event: string, listener: Listener): this {
    ofThis(this).set(event, [...this.listeners(event), listener]);
    return this;
  }

  addListener(event: string, listener: Listener): this {
    return this.on(event, listener);
  }

  once(event: string, listener: Listener): this {
    const only: Listener = (...args) => {
      this.removeListener(event, only);
      return listener.apply(this, args);
    };
    only.once = listener;
    return this.on(event, only);
  }

  removeListener(event: string, listener: Listener): this {
    const standing = this.listeners(event);
    const at = standing.findLastIndex((one) => one === listener || one.once === listener);
    if (at >= 0) ofThis(this).set(event, standing.toSpliced(at, 1));
    return this;
  }

  removeAllListeners(event?: string): this {
    if (event === undefined) ofThis(this).clear();
    else ofThis(this).delete(event);
    return this;
  }

  emit(event: string, ...args: unknown[]): boolean {
    const listeners = this.listeners(event);
    if (listeners.length === 0 && event === 'error') throw args[0];
    for (const listener of listeners) listener.apply(this, args);
    return listeners.length > 0;
  }

  listeners(event: string): Listener[] {
    return ofThis(this).get(event) ?? [];
  }

  listenerCount(event: string): number {
    return this.listeners(event).length;
  }

  setMaxListeners(): this {
    return this;
  }
}

// PouchDB copies these onto its constructor, by the names that a loop finds.
for (const name of Object.getOwnPropertyNames(Emitter.prototype)) {
  if (name !== 'constructor') Object.defineProperty(Emitter.prototype, name, { enumerable: true });
}
