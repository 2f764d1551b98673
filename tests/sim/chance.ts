export type Chance = ReturnType<typeof createChance>;

/** The one random source of a run: equal seeds draw equal numbers (sfc32, by Chris Doty-Humphrey, public domain). */
export function createChance(seed: number) {
  let [a, b, c, d] = [0x9e3779b9, 0x243f6a88, seed | 0, 1];

  function draw(): number {
    const sum = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  }
  for (let warm = 0; warm < 12; warm++) draw();

  const int = (below: number) => Math.floor(draw() * below);
  return {
    /** In [0, 1). */
    draw,
    int,
    between: (from: number, to: number) => from + draw() * (to - from),
    happens: (share: number) => draw() < share,
    pick: <T>(list: readonly T[]): T => list[int(list.length)]!,
    bytes: (count: number) => Uint8Array.from({ length: count }, () => int(256)),
    /** One of the names, each as likely as its weight. */
    weighted<T extends string>(weights: Record<T, number>): T {
      const entries = Object.entries(weights) as [T, number][];
      let left = draw() * entries.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [name, weight] of entries) if ((left -= weight) < 0) return name;
      return entries.at(-1)![0];
    }
  };
}
