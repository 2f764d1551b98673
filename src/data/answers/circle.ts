import { circleRecordId } from '#domain/circle/circle.ts';
import type { MyCircle } from '../hub-api.ts';
import type { CircleView } from '#domain/views.ts';
import type { Desk } from './desk.ts';

/** A circle as `/api/me` and its own record tell it; null when it is none of mine. */
export async function circleView(desk: Desk, circle: string): Promise<CircleView | null> {
  const mine = desk.me().circles.find((one) => one.id === circle);
  return mine ? viewOf(desk, mine) : null;
}

/** My circles, those I left at the end. */
export async function circleList(desk: Desk): Promise<CircleView[]> {
  const views = await Promise.all(desk.me().circles.map((one) => viewOf(desk, one)));
  return views.sort((a, b) => Number(Boolean(a.leftAt)) - Number(Boolean(b.leftAt)));
}

async function viewOf(desk: Desk, mine: MyCircle): Promise<CircleView> {
  const record = (await desk.model.circle.get([mine.id, circleRecordId]))?.record;
  return {
    id: mine.id,
    name: record?.name ?? mine.name,
    circleKind: record?.circleKind ?? mine.circleKind,
    role: mine.role,
    rules: record?.rules,
    city: record?.city,
    parent: record?.parent,
    leftAt: mine.leftAt
  };
}
