/** Far beyond what anything here takes; a test that needs longer has failed. */
const limitMs = 15_000;

/** What `look` finds, as soon as it finds something. Rejects with `what` when that takes too long. */
export async function until<T>(what: string, look: () => Promise<T | null | undefined | false>): Promise<T> {
  const end = Date.now() + limitMs;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`Waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
