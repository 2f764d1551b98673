import type { ServerResponse } from 'node:http';

/** Who has the doorbell's stream open, and which circles ring them. */
export type Audience = {
  readonly people: ReadonlyMap<string, Listener>;
  add(person: string, stream: ServerResponse): void;
  /** Forgets the stream, and the person with the last one. */
  remove(person: string, stream: ServerResponse): void;
  streamsOf(circle: string): Iterable<ServerResponse>;
  /** From now on exactly these circles ring the person; answers those that are new. */
  setCircles(person: string, circles: readonly string[]): string[];
  leave(person: string, circle: string): void;
};

type Listener = { readonly streams: Set<ServerResponse>; readonly circles: Set<string> };

/** A stream costs a place in one set, a person one in each of her circles: nothing by stream and circle. */
export function createAudience(): Audience {
  const people = new Map<string, Listener>();
  const byCircle = new Map<string, Set<Listener>>();

  const leaveCircle = (listener: Listener, circle: string) => {
    listener.circles.delete(circle);
    const others = byCircle.get(circle);
    others?.delete(listener);
    if (others?.size === 0) byCircle.delete(circle);
  };

  return {
    people,
    add(person, stream) {
      const listener = people.get(person) ?? { streams: new Set(), circles: new Set() };
      people.set(person, listener);
      listener.streams.add(stream);
    },
    remove(person, stream) {
      const listener = people.get(person);
      listener?.streams.delete(stream);
      if (!listener || listener.streams.size > 0) return;
      for (const circle of [...listener.circles]) leaveCircle(listener, circle);
      people.delete(person);
    },
    *streamsOf(circle) {
      for (const listener of byCircle.get(circle) ?? []) yield* listener.streams;
    },
    setCircles(person, circles) {
      const listener = people.get(person);
      if (!listener) return [];
      const wanted = new Set(circles);
      for (const circle of [...listener.circles]) if (!wanted.has(circle)) leaveCircle(listener, circle);
      const fresh = circles.filter((circle) => !listener.circles.has(circle));
      for (const circle of fresh) {
        listener.circles.add(circle);
        byCircle.set(circle, (byCircle.get(circle) ?? new Set()).add(listener));
      }
      return fresh;
    },
    leave(person, circle) {
      const listener = people.get(person);
      if (listener) leaveCircle(listener, circle);
    }
  };
}
