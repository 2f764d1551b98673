/** What the hub counts of itself. No person and no circle can be told from it. */
export type Metrics = {
  counted(part: 'api' | 'db' | 'page', status: number, seconds: number): void;
  /** Prometheus' text form. */
  text(now: { up: boolean; missing: number }): string;
};

type Sum = { requests: number; seconds: number };

export function createMetrics(): Metrics {
  const sums = new Map<string, Sum>();

  return {
    counted(part, status, seconds) {
      const labels = `part="${part}",status="${Math.floor(status / 100)}xx"`;
      const sum = sums.get(labels) ?? { requests: 0, seconds: 0 };
      sums.set(labels, { requests: sum.requests + 1, seconds: sum.seconds + seconds });
    },
    text({ up, missing }) {
      const each = (name: string, value: (sum: Sum) => number) =>
        [...sums].map(([labels, sum]) => `${name}{${labels}} ${value(sum)}`);
      return [
        '# HELP jujube_database_up Whether the database answers.',
        '# TYPE jujube_database_up gauge',
        `jujube_database_up ${up ? 1 : 0}`,
        '# HELP jujube_devices_missing Devices that the notary waits for after a restore; 0 when it waits for none.',
        '# TYPE jujube_devices_missing gauge',
        `jujube_devices_missing ${missing}`,
        '# HELP jujube_requests_total Requests answered.',
        '# TYPE jujube_requests_total counter',
        ...each('jujube_requests_total', ({ requests }) => requests),
        '# HELP jujube_request_seconds_total Time from a request to the end of its answer.',
        '# TYPE jujube_request_seconds_total counter',
        ...each('jujube_request_seconds_total', ({ seconds }) => seconds),
        '# HELP process_resident_memory_bytes Resident memory of the hub’s own process.',
        '# TYPE process_resident_memory_bytes gauge',
        `process_resident_memory_bytes ${process.memoryUsage.rss()}`,
        '# HELP process_uptime_seconds How long the hub has run.',
        '# TYPE process_uptime_seconds gauge',
        `process_uptime_seconds ${Math.round(process.uptime())}`,
        ''
      ].join('\n');
    }
  };
}
