import type { PersonView } from './views.ts';

/** The members of a circle, who left at the end. */
export async function people(circle: string): Promise<PersonView[]> {
  void circle;
  return [];
}
