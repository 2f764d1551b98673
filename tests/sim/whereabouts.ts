import type { Me } from '#data/hub-api.ts';
import type { Plug } from './network.ts';

/** A word from tab to tab of one browser takes a moment. */
const wordMs = 5;

export type Whereabouts = ReturnType<typeof createWhereabouts>;

/** Holds every device to what it was told of its circles: of one that its person left it asks nothing more, whatever was under way. */
export function createWhereabouts(now: () => number, fault: (text: string) => void) {
  const told = new Map<Plug, Set<string>>();
  const since = new Map<string, number>();

  return {
    /** An answer of `/api/me` reaches a tab; where it is whole, that tab knows from now on. */
    answered(plug: Plug, text: string): void {
      const circles = circlesIn(text);
      if (!circles) return;
      const left = new Set(circles.flatMap(({ id, leftAt }) => (leftAt ? [id] : [])));
      told.set(plug, left);
      for (const [other, before] of told)
        if (other.name === plug.name) told.set(other, other === plug ? left : before.intersection(left));
    },

    /** A tab told its page, and with it the other tabs. */
    heard(device: string, { circles }: Me): void {
      for (const { id, leftAt } of circles) {
        const key = `${device} ${id}`;
        if (!leftAt) since.delete(key);
        else if (!since.has(key)) since.set(key, now());
      }
    },

    /** A tab asks for something. */
    asked(plug: Plug, path: string): void {
      const circle = /^\/(?:db|api\/circles)\/([^/?]+)/.exec(path)?.[1] ?? '';
      const heardAt = since.get(`${plug.name} ${circle}`) ?? Infinity;
      if (told.get(plug)?.has(circle) || heardAt + wordMs < now())
        fault(`${plug.name} knows that it left ${circle} and still asks for it: ${path}`);
    }
  };
}

/** Null for an answer that was cut. */
function circlesIn(text: string): Me['circles'] | null {
  try {
    return (JSON.parse(text) as Me).circles;
  } catch {
    return null;
  }
}
