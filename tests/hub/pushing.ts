import { makeListing } from '#domain/listing/listing.ts';
import type { HubProcess } from '../hub-process.ts';
import type { Person } from '../people.ts';

/** Fewer than a device's own batch, so that a kill falls between answers and not before the first. */
export const docsInBatch = 10;
const keysAtOnce = 1_000;

const now = new Date().toISOString();

/** Devices that push batch after batch until the hub is gone, and what it acknowledged to them. */
export function createPushing(hub: HubProcess, circle: string, devices: readonly Person[]) {
  const acknowledged = new Set<string>();
  let batches = 0;

  /** A batch to send, and what to do once the hub has taken it. */
  function nextBatch(device: Person) {
    const batch = batches++;
    const docs = Array.from({ length: docsInBatch }, (_, n) =>
      makeListing({ title: 'One of many' }, { author: device.id, now, key: `b${batch}-${n}` })
    );
    const isTaken = () => docs.forEach(({ _id }) => acknowledged.add(_id));
    return { docs, isTaken };
  }

  /** Answers the status that made an end of it, 0 where nobody was there any more. */
  async function push(device: Person, onAnswer: () => void): Promise<number> {
    for (;;) {
      const { docs, isTaken } = nextBatch(device);
      const answer = await device.call('POST', `/db/${circle}/_bulk_docs`, { docs }).catch(() => null);
      if (answer?.status !== 201) return answer?.status ?? 0;
      isTaken();
      onAnswer();
    }
  }

  return {
    acknowledged,
    nextBatch,

    /** Resolves when the hub is gone from under all of them, with the last status that each was given. */
    untilGone: (onAnswer: () => void = () => undefined) => Promise.all(devices.map((device) => push(device, onAnswer))),

    /** Lets all push, and kills once the hub has answered so many batches: in the middle of the next ones. */
    async killAfter(answers: number, kill: () => Promise<void>): Promise<void> {
      let left = answers;
      await this.untilGone(() => {
        if (--left === 0) void kill();
      });
      await hub.start();
    },

    /** What was acknowledged and is not there. */
    async missing(): Promise<string[]> {
      const all = [...acknowledged];
      const missing: string[] = [];
      for (let from = 0; from < all.length; from += keysAtOnce) {
        const keys = all.slice(from, from + keysAtOnce);
        const { status, body } = await devices[1]!.call('POST', `/db/${circle}/_all_docs`, { keys });
        if (status !== 200) throw new Error(`The hub did not say what it has: ${status} ${JSON.stringify(body)}`);
        const rows = body['rows'] as { key: string; error?: string }[];
        missing.push(...rows.filter(({ error }) => error).map(({ key }) => key));
      }
      return missing;
    }
  };
}
