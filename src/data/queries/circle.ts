import { ask } from '../device.ts';
import type { CircleView } from '#domain/views.ts';

/** A circle as `/api/me` and its own record tell it; null when it is none of mine. */
export function circleView(circle: string): Promise<CircleView | null> {
  return ask('circleView', circle);
}

/** My circles, those I left at the end. */
export function circleList(): Promise<CircleView[]> {
  return ask('circleList');
}
