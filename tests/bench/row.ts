import type { Bench } from './kit.ts';
import { median, percentile, rounded } from './figures.ts';

/** One condition of a target, computed from what was measured. */
export type Check = { what: string; value: number; unit: string } & ({ atMost: number } | { atLeast: number });

/** What a row found out. Samples are in `unit`, one a run; a peer's or a floor's too. */
export type Measured = {
  unit: string;
  ours: readonly number[];
  peers?: Readonly<Record<string, readonly number[]>>;
  floors?: Readonly<Record<string, readonly number[]>>;
  /** Whether all engines gave the same answers, row by row; absent where there is but one. */
  equal?: boolean;
  checks: readonly Check[];
  /** What a reader of the figures should know. */
  notes?: readonly string[];
};

/** A row of the bench: `measure` builds what it needs, and leaves nothing behind. */
export type Row = { id: string; what: string; measure(bench: Bench): Promise<Measured> };

/** A row as it is printed; surface.md has the fields up to `met`. */
export type Line = {
  id: string;
  what: string;
  ours: number;
  unit: string;
  p95: number;
  p99: number;
  runs: number;
  peers: Record<string, number>;
  floors: Record<string, number>;
  ratio: number | null;
  target: string;
  equal: boolean | null;
  met: boolean;
  checks: (Check & { met: boolean })[];
  notes: string[];
};

// Two engines nearer to each other than this are equal: the machine varies as much between two runs.
const tie = 1.1;

/** Ours is not behind the best peer by more than a tie. */
export function aheadOf(peers: Readonly<Record<string, readonly number[]>>, ours: readonly number[]): Check {
  return { what: 'ahead of every peer', value: best(peers) / median(ours), unit: '×', atLeast: 1 / tie };
}

const best = (peers: Readonly<Record<string, readonly number[]>>): number =>
  Math.min(...Object.values(peers).map(median));

export const isMet = (check: Check): boolean =>
  'atMost' in check ? check.value <= check.atMost : check.value >= check.atLeast;

/** The row's line: nothing in it but what follows from the samples. */
export function lineOf({ id, what }: Pick<Row, 'id' | 'what'>, measured: Measured): Line {
  const { ours, peers = {}, floors = {}, equal = null, checks, notes = [] } = measured;
  return {
    id,
    what,
    ours: rounded(median(ours)),
    unit: measured.unit,
    p95: rounded(percentile(ours, 95)),
    p99: rounded(percentile(ours, 99)),
    runs: ours.length,
    peers: medians(peers),
    floors: medians(floors),
    ratio: Object.keys(peers).length > 0 ? rounded(best(peers) / median(ours)) : null,
    target: checks.map(targetText).join('; '),
    equal,
    met: equal !== false && checks.every(isMet),
    checks: checks.map((check) => ({ ...check, value: rounded(check.value), met: isMet(check) })),
    notes: [...notes]
  };
}

function medians(engines: Readonly<Record<string, readonly number[]>>): Record<string, number> {
  return Object.fromEntries(Object.entries(engines).map(([name, samples]) => [name, rounded(median(samples))]));
}

function targetText(check: Check): string {
  const bound = 'atMost' in check ? `≤ ${check.atMost}` : `≥ ${rounded(check.atLeast)}`;
  return `${check.what} ${bound} ${check.unit}`.trim();
}
