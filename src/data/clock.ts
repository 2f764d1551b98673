let offsetMs = 0;

/** What to add to this device's clock to get the hub's; told by the worker. */
export function setClockOffset(ms: number): void {
  offsetMs = ms;
}

/** Now in milliseconds, by this device's clock corrected by the hub's. */
export function correctedNow(): number {
  return Date.now() + offsetMs;
}
