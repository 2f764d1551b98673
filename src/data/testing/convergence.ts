import { expect } from 'vitest';
import { rowsOf, type TestDevice } from './devices.ts';

/** Everybody sends and asks until nothing is left to do. */
export async function converge(devices: TestDevice[]): Promise<void> {
  for (let round = 0; round < 3; round++) {
    for (const device of devices) {
      await device.sendAll();
      await device.pullAll();
      await device.sendAll();
    }
  }
}

/** All of them show the same. */
export async function expectEqual(devices: TestDevice[]): Promise<void> {
  const [first, ...others] = await Promise.all(devices.map((device) => rowsOf(device)));
  for (const other of others) expect(other).toEqual(first);
}
