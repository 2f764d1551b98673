import { ask } from '../device.ts';
export type HiddenView = { id: string; listing: string; title: string; reason: string; by: string; byName: string };

/** What stewards took out of sight in a circle and has not come back, newest first. */
export function hiddenThings(circle: string): Promise<HiddenView[]> {
  return ask('hiddenThings', circle);
}
