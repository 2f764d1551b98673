import type { CircleView } from './views.ts';

/** A circle as `/api/me` and its own record tell it; null when it is none of mine. */
export async function circleView(circle: string): Promise<CircleView | null> {
  void circle;
  return null;
}

/** My circles, those I left at the end. */
export async function circleList(): Promise<CircleView[]> {
  return [];
}
