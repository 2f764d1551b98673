import type { Attempts } from './attempts.ts';
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
  /** The hub was restored from a backup. */
  restored(): Promise<void>;
}) {
  const { store, attempts } = deps;
  let me = deps.me;

  async function take(told: Me): Promise<void> {
    const { era } = me;
    me = told;
    await store.settings.put({ key: meSetting, value: told });
    deps.told(told);
    if (era !== told.era) await deps.restored();
  }

  async function ask(): Promise<void> {
    const answer = await deps.fetch(`${deps.origin}/api/me`, { headers: { accept: 'application/json' } });
    if (!answer.ok) throw new RemoteError(answer.status, 'me');
    const now = (await answer.json()) as Me;
    // Another person's session in this browser: nothing of mine may go out under it.
    if (now.id !== me.id) throw new RemoteError(401, 'another person');
    await take(now);
  }

  return {
    me: () => me,
    /** The logs that are followed: mine and those of circles I have not left; an archive is left as it was. */
    followed: () => ['me', ...me.circles.filter((circle) => !circle.leftAt).map((circle) => circle.id)],
    /** Those and the archives. */
    all: () => ['me', ...me.circles.map((circle) => circle.id)],
    take,
    /** Another tab read `/api/me`. */
    hear: (told: Me) => void (me = told),
    async refresh(): Promise<void> {
      await attempts.attempt(ask);
    }
  };
}
