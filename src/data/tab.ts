import { createEngine, type Engine, type EngineDeps } from './engine.ts';
import { createKeeper, type KeeperDeps } from './keeper.ts';
import type { Me } from './hub-api.ts';
import { joinTabs, type LeaderDeps } from './leader.ts';
import { tabsName } from './names.ts';
import type { Reply, TabWord } from './protocol.ts';
import type { Status } from './status.ts';

export type TabDeps = Omit<EngineDeps, 'news'> &
  Pick<KeeperDeps, 'openDoorbell' | 'lookedAt' | 'random'> &
  Pick<LeaderDeps, 'locks' | 'isVisible'> & {
    /** Between this person's tabs. */
    channel: Pick<BroadcastChannel, 'postMessage' | 'addEventListener' | 'close'>;
    isOnline: () => boolean;
    /** Tells this tab's page. */
    say(reply: Extract<Reply, { type: 'changed' | 'status' | 'me' | 'needs-sign-in' }>): void;
  };

export type Tab = {
  engine: Engine;
  /** Out and in at once, for a person who asks for it. */
  syncNow(): Promise<void>;
  nudge(isNewLine?: boolean): Promise<void>;
  close(): Promise<void>;
};

// The first screen's own queries go first.
const projectAfterMs = 300;

/** One tab's worker: an engine, what keeps it in step while this tab leads, and what the tabs tell each other. */
export async function openTab(deps: TabDeps): Promise<Tab> {
  const { me, channel, say, lookedAt, timers } = deps;
  const tell = (word: TabWord) => channel.postMessage(word);
  let isLeading = false;
  let leaders: Status | null = null;

  /** The leader's word about the line and joining; a tab of its own knows only of its own requests. */
  const merged = (own: Status): Status =>
    isLeading || !leaders ? own : { ...own, offlineSince: leaders.offlineSince, joining: leaders.joining };

  const engine = createEngine({
    ...deps,
    news: {
      changed(circle, listings) {
        say({ type: 'changed', circle, listings });
        tell({ type: 'changed', circle, listings });
      },
      status(status) {
        say({ type: 'status', status: merged(status) });
        if (isLeading) tell({ type: 'status', status });
      },
      me(told) {
        say({ type: 'me', me: told });
        tell({ type: 'me', me: told });
        meet(told);
      },
      failed() {
        if (isLeading) keeper.later();
        else tell({ type: 'failed' });
      },
      needsSignIn() {
        say({ type: 'needs-sign-in' });
        tell({ type: 'needs-sign-in' });
      }
    }
  });

  channel.addEventListener('message', (event: MessageEvent<TabWord>) => {
    const word = event.data;
    if (word.type === 'changed') say(word);
    else if (word.type === 'needs-sign-in') say(word);
    else if (word.type === 'me') {
      engine.hear(word.me);
      say(word);
      meet(word.me);
    } else if (word.type === 'status') leaders = word.status;
    else if (word.type === 'failed' && isLeading) keeper.later();
    if (word.type === 'changed' || word.type === 'status') void engine.tellStatus();
  });

  const keeper = createKeeper({ ...deps, engine });
  let followed = new Set(engine.followed());

  /** A circle that I have just founded or joined is fetched at once: no bell rings for what was there before. */
  function meet(told: Me): void {
    const before = followed;
    followed = new Set(['me', ...told.circles.filter(({ leftAt }) => !leftAt).map(({ id }) => id)]);
    if (!followed.isSubsetOf(before)) void keeper.nudge();
  }

  const membership = joinTabs({
    ...deps,
    name: tabsName(me.id),
    lead() {
      isLeading = true;
      keeper.start();
      projectSoon();
    },
    follow() {
      isLeading = false;
      keeper.stop();
    }
  });

  // What a crash or a newer version left between log and tables; the last leader may have ended in the middle of it.
  let projecting: unknown;
  function projectSoon(): void {
    timers.clear(projecting);
    projecting = timers.set(() => void engine.projectAll().catch(deps.report), projectAfterMs);
  }

  await engine.open();
  if (!deps.isOnline()) engine.lineLost();
  void engine.tellStatus();
  projectSoon();

  return {
    engine,
    nudge: keeper.nudge,
    async syncNow() {
      await engine.sendAll();
      await engine.pullAll(lookedAt());
      await keeper.nudge();
    },
    async close() {
      timers.clear(projecting);
      membership.stop();
      keeper.stop();
      channel.close();
      await engine.close();
    }
  };
}
