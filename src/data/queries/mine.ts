import type { MyThing } from './views.ts';

export type MyThings = {
  giving: MyThing[];
  getting: MyThing[];
  waiting: MyThing[];
  done: MyThing[];
};

/** What I give, get and wait for, over all my circles, newest first. */
export async function myThings(): Promise<MyThings> {
  return { giving: [], getting: [], waiting: [], done: [] };
}
