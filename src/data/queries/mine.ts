import { ask } from '../device.ts';
import type { MyThing } from '#domain/views.ts';

export type MyThings = {
  giving: MyThing[];
  getting: MyThing[];
  waiting: MyThing[];
  done: MyThing[];
};

/** What I give, get and wait for, over all my circles, newest first; null while nobody knows yet whether there is nothing. */
export function myThings(): Promise<MyThings | null> {
  return ask('myThings');
}
