import { createHistograms } from './histograms.ts';

/** A stream is a part of its own: it is open for hours, and would make every other figure of time worthless. */
export type Part = 'api' | 'db' | 'page' | 'stream';

/** What the hub counts of itself. No person and no circle can be told from it: labels are words of this file and codes of refusals. */
export type Metrics = {
  /** A request came; to be called with the status when its answer is over. */
  begun(part: Part): (status: number) => void;
  /** The gate refused a row, for the reason of that code. */
  refused(code: string): void;
  /** The bell rang. */
  rang(): void;
  /** Prometheus' text form, with what is asked for only now. */
  text(now: Gauges): string;
};

/** Seconds and bytes, as Prometheus wants them; null or left out where it does not apply or is not known. */
export type Gauges = {
  up: boolean;
  /** Devices that the notary waits for after a restore. */
  devicesMissing: number;
  /** What follows the databases: the notary, the delivery of private words. */
  followers: { name: string; waiting: number; lagSeconds: number }[];
  storeRestarts: number | null;
  disk: { what: 'free' | 'pictures' | 'store'; bytes: number }[];
  loopDelaySeconds: number;
};

type Type = 'counter' | 'gauge' | 'histogram';

const codeForm = /^[a-z-]{1,40}$/;

export function createMetrics(deps: { now: () => number }): Metrics {
  const statuses = new Map<string, number>();
  const open = new Map<Part, number>();
  const refusals = new Map<string, number>();
  const times = createHistograms();
  let rings = 0;

  const count = <K>(sums: Map<K, number>, key: K, by = 1) => void sums.set(key, (sums.get(key) ?? 0) + by);

  return {
    begun(part) {
      const from = deps.now();
      count(open, part);
      return (status) => {
        count(open, part, -1);
        count(statuses, `part="${part}",status="${Math.floor(status / 100)}xx"`);
        if (part !== 'stream') times.add(`part="${part}"`, (deps.now() - from) / 1000);
      };
    },
    refused: (code) => count(refusals, codeForm.test(code) ? code : 'other'),
    rang: () => void (rings += 1),
    text({ up, devicesMissing, followers, storeRestarts, disk, loopDelaySeconds }) {
      const metric = (name: string, type: Type, help: string, lines: string[]) =>
        lines.length === 0 ? [] : [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines];
      const one = (name: string, type: Type, help: string, value: number) =>
        metric(name, type, help, [`${name} ${value}`]);
      const each = <K>(name: string, sums: Iterable<[K, number]>, label: (key: K) => string) =>
        [...sums].map(([key, value]) => `${name}{${label(key)}} ${value}`);
      return [
        ...one('jujube_database_up', 'gauge', 'Whether the database answers.', up ? 1 : 0),
        ...one(
          'jujube_devices_missing',
          'gauge',
          'Devices that the notary waits for after a restore; 0 when it waits for none.',
          devicesMissing
        ),
        ...metric(
          'jujube_requests_total',
          'counter',
          'Requests answered.',
          each('jujube_requests_total', statuses, String)
        ),
        ...metric(
          'jujube_request_seconds',
          'histogram',
          'Time from a request to the end of its answer.',
          times.lines('jujube_request_seconds')
        ),
        ...metric(
          'jujube_open_requests',
          'gauge',
          'Requests under way; of the part "stream", devices that listen.',
          each('jujube_open_requests', open, (part) => `part="${part}"`)
        ),
        ...metric(
          'jujube_refused_rows_total',
          'counter',
          'Records that the gate refused, by reason.',
          each('jujube_refused_rows_total', refusals, (code) => `code="${code}"`)
        ),
        ...one('jujube_rings_total', 'counter', 'Writes that devices were told of.', rings),
        ...metric(
          'jujube_follower_waiting',
          'gauge',
          'Databases with news that wait for the notary or for delivery.',
          followers.map(({ name, waiting }) => `jujube_follower_waiting{name="${name}"} ${waiting}`)
        ),
        ...metric(
          'jujube_follower_lag_seconds',
          'gauge',
          'How long the oldest of them has waited.',
          followers.map(({ name, lagSeconds }) => `jujube_follower_lag_seconds{name="${name}"} ${lagSeconds}`)
        ),
        ...(storeRestarts === null
          ? []
          : one(
              'jujube_store_restarts_total',
              'counter',
              'Times the embedded store had to be started again.',
              storeRestarts
            )),
        ...metric(
          'jujube_disk_bytes',
          'gauge',
          'What HUB_DATA holds, and what is free on its disk.',
          disk.map(({ what, bytes }) => `jujube_disk_bytes{what="${what}"} ${bytes}`)
        ),
        ...one(
          'jujube_event_loop_delay_seconds',
          'gauge',
          'How late the hub got to its work, 99th percentile since last asked.',
          loopDelaySeconds
        ),
        ...one(
          'process_resident_memory_bytes',
          'gauge',
          'Resident memory of the hub’s own process.',
          process.memoryUsage.rss()
        ),
        ...one('process_uptime_seconds', 'gauge', 'How long the hub has run.', Math.round(process.uptime())),
        ''
      ].join('\n');
    }
  };
}
