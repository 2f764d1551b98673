import type { Attempts } from './attempts.ts';
import { coalesced } from './coalesced.ts';
import type { DeviceStore } from './device-store.ts';
import type { Me } from './hub-api.ts';
import { meSetting } from './names.ts';
import { RemoteError } from './remote.ts';

export type Standing = ReturnType<typeof createStanding>;

/** Who I am at the hub and which circles I see: what `/api/me` told last. */
export function createStanding(deps: {
  me: Me;
  origin: string;
  fetch: typeof fetch;
  store: DeviceStore;
  attempts: Attempts;
  told(me: Me): void;
  /** Circles are followed that were not before: new to her, or she is back. */
  entered(circles: string[]): void;
  /** The hub was restored from a backup. */
  restored(): Promise<void>;
}) {
  const { store, attempts } = deps;
  let me = deps.me;
  let isMissed = false;

  /** The logs that are followed: mine and those of circles I have not left; an archive is left as it was. */
  const followedBy = ({ circles }: Me) => ['me', ...circles.filter(({ leftAt }) => !leftAt).map(({ id }) => id)];
  const followed = () => followedBy(me);

  const follows = (circle: string) => followed().includes(circle);

  async function take(told: Me): Promise<void> {
    const { era } = me;
    const before = followed();
    if (era !== told.era) await keepEra(era, followedBy(told));
    me = told;
    await store.settings.put({ key: meSetting, value: told });
    deps.told(told);
    const entered = followed().filter((circle) => !before.includes(circle));
    if (entered.length > 0) deps.entered(entered);
    if (era !== told.era) await deps.restored();
  }

  /** A restored hub waits for every place of every device; also where nothing has come yet, that is to be told. */
  async function keepEra(era: string, circles: string[]): Promise<void> {
    await store.transaction('rw', store.feeds, async () => {
      for (const circle of circles) {
        const feed = (await store.feeds.get(circle)) ?? { circle, since: null };
        if (feed.since === null && feed.era === undefined) await store.feeds.put({ ...feed, era });
      }
    });
  }

  async function ask(): Promise<void> {
    const answer = await deps.fetch(`${deps.origin}/api/me`, { headers: { accept: 'application/json' } });
    if (!answer.ok) throw new RemoteError(answer.status, 'me');
    const now = await read(answer);
    // Another person's session in this browser: nothing of mine may go out under it.
    if (now.id !== me.id) throw new RemoteError(401, 'another person');
    await take(now);
  }

  /** One at a time: an answer that was long on its way must not be taken for newer than the one that overtook it. */
  const refresh = coalesced(async () => {
    isMissed = !(await attempts.attempt(ask));
  });

  /** An answer that was cut is as good as none. */
  const read = (answer: Response): Promise<Me> =>
    answer.json().catch((error: unknown) => {
      throw new RemoteError(0, String(error));
    }) as Promise<Me>;

  return {
    me: () => me,
    followed,
    follows,
    /** The way to the hub for one circle's copy: once I have left, not even what was under way asks for it again. */
    fetchFor:
      (circle: string): typeof fetch =>
      (input, init) =>
        follows(circle) ? deps.fetch(input, init) : Promise.reject(new RemoteError(0, `${circle} was left`)),
    /** Those and the archives. */
    all: () => ['me', ...me.circles.map((circle) => circle.id)],
    take,
    /** Another tab read `/api/me`. */
    hear: (told: Me) => void (me = told),
    refresh,
    /** The last reading did not get through. */
    refreshMissed: async () => void (isMissed && (await refresh()))
  };
}
