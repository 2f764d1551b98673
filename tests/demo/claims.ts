import { randomBytes } from 'node:crypto';
import { claimId, makeClaim, type Claim } from '#domain/claim/claim.ts';
import { makeComment } from '#domain/comment/comment.ts';
import { makeHandover } from '#domain/handover/handover.ts';
import { timeKey } from '#domain/id.ts';
import type { Listing } from '#domain/listing/listing.ts';
import { makeMessage } from '#domain/message/message.ts';
import { withTerms } from '#domain/offer.ts';
import { makePick } from '#domain/pick/pick.ts';
import type { Cast } from './cast.ts';
import type { Posted } from './post.ts';

const now = () => new Date().toISOString();
const key = () => timeKey(Date.now(), randomBytes);

/** What people do with one thing; every act is told to the hub and answered before the next. */
function scene(cast: Cast, posted: Posted[], circleName: '302' | '303', title: string) {
  const thing = posted.find((one) => one.circle === circleName && one.title === title);
  if (!thing) throw new Error(`Nobody in ${circleName} posted “${title}”`);
  const circle = cast.circles[circleName];
  const giver = cast.one(thing.by);
  const idOf = (login: string) => claimId(cast.one(login).id, thing.id);

  return {
    async wish(login: string, quantity = 1, note?: string) {
      const person = cast.one(login);
      await person.save(circle, makeClaim({ subject: thing.id, quantity, note }, { author: person.id, now: now() }));
      await person.untilAnswered(circle, thing.id, [idOf(login)]);
    },
    async withdraw(login: string) {
      await cast
        .one(login)
        .change<Claim>(circle, idOf(login), (before) => ({ ...before, status: 'withdrawn', updatedAt: now() }));
    },
    async pick(login: string) {
      await giver.save(circle, makePick({ subject: idOf(login) }, { author: giver.id, now: now() }));
    },
    async handOver(login: string, { paid }: { paid: boolean }) {
      const at = now();
      await giver.save(
        circle,
        makeHandover(
          { subject: idOf(login), handedOverAt: at, ...(paid && { paidAt: at }) },
          { author: giver.id, now: at }
        )
      );
    },
    async receive(login: string, paid?: 'cash' | 'transfer') {
      const at = now();
      await cast.one(login).change<Claim>(circle, idOf(login), (before) => ({
        ...before,
        receivedAt: at,
        ...(paid && { paid: { how: paid, at } }),
        updatedAt: at
      }));
    },
    async change(change: Partial<Listing>) {
      await giver.change<Listing>(circle, thing.id, (before) => ({ ...withTerms(before, change), updatedAt: now() }));
    },
    async say(login: string, text: string) {
      const person = cast.one(login);
      await person.save(
        circle,
        makeComment({ subject: thing.id, text }, { author: person.id, now: now(), key: key() })
      );
    },
    async whisper(from: string, to: string, about: string, text: string) {
      const person = cast.one(from);
      const message = { to: [cast.one(to).id], subject: idOf(about), circle, text };
      await person.save('me', makeMessage(message, { author: person.id, now: now(), key: key() }));
    }
  };
}

/** Claims in every state that a claim can be in, and the talk around them. */
export async function live(cast: Cast, posted: Posted[]): Promise<void> {
  const on302 = (title: string) => scene(cast, posted, '302', title);
  const on303 = (title: string) => scene(cast, posted, '303', title);

  const jujubes = on302('新疆大枣，多买了');
  await jujubes.wish('lin', 2);
  await jujubes.wish('granny-wang', 3, '煮粥用');
  await jujubes.wish('hao', 2);
  await jujubes.handOver('granny-wang', { paid: true });
  await jujubes.receive('granny-wang', 'cash');
  await jujubes.say('xiaoyu', '甜不甜？');
  await jujubes.say('mei', '甜，核小。');

  const cabbages = on302('Cabbages from the farm');
  for (const login of ['lin', 'mei', 'zhou', '302-07', '302-11', 'xiaoyu']) await cabbages.wish(login);
  await cabbages.handOver('lin', { paid: false });
  await cabbages.receive('lin');

  const knitted = on302('手织毛衣，给十岁左右的孩子');
  await knitted.wish('mei', 1, '我侄女正好十岁');
  await knitted.wish('302-11', 1, '家里两个男孩');

  const novels = on302('Four novels, read once');
  await novels.wish('lin');
  await novels.handOver('lin', { paid: true });
  await novels.receive('lin', 'transfer');
  await novels.say('lin', 'The margins are the best part.');

  const mugs = on302('Two mugs with a tea stain');
  await mugs.wish('zhou', 2);
  await mugs.handOver('zhou', { paid: false });

  const kettle = on302('烧水壶，1.5 升');
  await kettle.wish('hao');
  await kettle.wish('lin');
  await kettle.change({ price: { amountMinor: 2500, currency: 'CNY' } });

  const bicycle = on302('City bike, 26 inch');
  await bicycle.wish('xiaoyu');
  await bicycle.wish('lin');
  await bicycle.withdraw('xiaoyu');
  await bicycle.whisper('302-07', 'lin', 'lin', 'It is yours now. Tonight at gate 2, after seven?');
  await bicycle.whisper('lin', '302-07', 'lin', 'Half past. I bring the money.');

  const blocks = on302('积木一大盒');
  await blocks.wish('mei');
  await blocks.change({ status: 'withdrawn' });

  const bear = on302('小熊找新家');
  await bear.wish('granny-wang', 1, '给楼下的小朋友');
  await bear.wish('lin');
  await bear.pick('granny-wang');

  const eggs = on302('Ten farm eggs a box');
  await eggs.wish('lin', 4);
  await eggs.wish('zhou', 3);
  await eggs.wish('mei');

  await on302('求：冲击钻用一个下午').wish('302-07', 1, 'Mine is blue and loud.');
  await on302('Summer dress, size M').wish('mei');

  const oranges = on303('Oranges, from the case of 12');
  await oranges.wish('fang', 3);
  await oranges.wish('303-02', 2);
  await oranges.handOver('fang', { paid: true });
  await oranges.receive('fang', 'transfer');

  const pram = on303('双胞胎婴儿车');
  await pram.wish('303-05');
  await pram.say('303-02', '还能打折吗？');

  const greens = on303('阳台种的青菜');
  for (const login of ['fang', 'mei', 'zhou']) await greens.wish(login);

  await on303('红围巾，过年戴').wish('303-02');
}
