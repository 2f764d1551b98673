/** How long it took, in milliseconds, and what came of it. */
export type Timed<T> = { ms: number; value: T };

export async function timed<T>(work: () => Promise<T>): Promise<Timed<T>> {
  const from = performance.now();
  const value = await work();
  return { ms: performance.now() - from, value };
}
