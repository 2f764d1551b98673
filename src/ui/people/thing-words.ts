import type { MyThing } from '#domain/views.ts';
import { m } from '#messages';

export type ThingSection = 'giving' | 'getting' | 'waiting' | 'done';
type ThingTone = 'quiet' | 'tea' | 'honey' | 'jujube';

type Words = { text: string; tone: ThingTone; act?: string };

/** Where a thing of mine stands, in words, and what I can do about it next. */
export function thingWords(thing: MyThing, section: ThingSection, unsent: boolean): Words {
  if (section === 'done') return { text: m.mine_gone(), tone: 'quiet' };
  if (unsent || thing.mine === 'unsent') return { text: m.mine_unsent(), tone: 'honey' };
  if (section === 'giving') return givingWords(thing);
  switch (thing.mine) {
    case 'given':
      return { text: m.mine_given({ name: thing.authorName }), tone: 'tea', act: m.mine_act_fetch() };
    case 'to-confirm':
      return { text: m.mine_to_confirm(), tone: 'jujube', act: m.mine_act_confirm() };
    case 'waiting':
      return { text: thing.place ? m.mine_place({ place: thing.place }) : m.mine_in_line(), tone: 'honey' };
    case 'refused':
      return { text: m.mine_refused(), tone: 'quiet' };
    default:
      return { text: m.mine_asked(), tone: 'honey' };
  }
}

function givingWords({ state, left, quantity }: MyThing): Words {
  if (state === 'reserved') return { text: m.mine_taken(), tone: 'tea', act: m.mine_act_hand_over() };
  if (left < quantity) return { text: m.mine_some_left({ left, quantity }), tone: 'tea', act: m.mine_act_hand_over() };
  return { text: m.mine_open(), tone: 'quiet' };
}
