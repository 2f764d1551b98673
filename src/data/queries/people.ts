import { ask } from '../device.ts';
import type { PersonView } from '#domain/views.ts';

/** The members of a circle, who left at the end. */
export function people(circle: string): Promise<PersonView[]> {
  return ask('people', circle);
}
