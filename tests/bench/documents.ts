import { timeKey, type RecordId } from '#domain/id.ts';
import { categories, makeListing, type Listing } from '#domain/listing/listing.ts';
import { seeded } from '../seeded.ts';

export const pick = <T>(random: () => number, from: readonly T[]): T => from[Math.floor(random() * from.length)]!;

/** Fifty people of one circle; where a hub gave out ids, those stand in their place. */
export const neighbours: readonly string[] = Array.from({ length: 50 }, (_, index) => `neighbour-${index + 1}`);

const things = {
  zh: ['牛仔裤', '电饭锅', '冰箱', '大枣', '台灯', '童书', '自行车', '折叠桌', '砂糖橘', '螺丝刀', '羽绒服', '婴儿车'],
  en: ['trousers', 'rice cooker', 'fridge', 'jujubes', 'desk lamp', 'picture books', 'bicycle', 'folding table']
};
const manners = {
  zh: ['全新', '九成新', '只用过一次', '搬家出', '多买了', '孩子大了'],
  en: ['never worn', 'as good as new', 'used once', 'moving out', 'bought too many', 'outgrown']
};
const sentences = {
  zh: [
    '一个人吃不完，按斤分，自带袋子。',
    '放在门卫那里，晚上七点以后来拿。',
    '尺码偏小，可以先试。',
    '说明书和盒子都在。',
    '买来就放着，没怎么用。',
    '可以换一袋米。'
  ],
  en: [
    'They turned out too small and the tag is still on.',
    'It stands at the gate, come after seven.',
    'Box and manual are there.',
    'I would swap it for a bag of rice.',
    'Pick it up this week, please.',
    'Works as on the first day.'
  ]
};
const prices = [null, 500, 800, 1_500, 3_500, 8_000, 12_000];

// A minute apart, so that the order of the newest is the same for every engine.
const firstAt = Date.parse('2026-01-01T00:00:00.000Z');
const stepMs = 60_000;

/** When the thing of this number was posted. */
export const postedAt = (index: number): string => new Date(firstAt + index * stepMs).toISOString();

/** Listings as neighbours post them, half of them in Chinese; the same for the same seed, one a minute. */
export function seededListings(seed: number, count: number, authors: readonly string[] = neighbours): Listing[] {
  const random = seeded(seed);
  return Array.from({ length: count }, (_, index) => {
    const language = random() < 0.5 ? 'zh' : 'en';
    const now = postedAt(index);
    const title = `${pick(random, manners[language])}${language === 'zh' ? '的' : ' '}${pick(random, things[language])} ${index}`;
    const text = Array.from({ length: 1 + Math.floor(random() * 3) }, () => pick(random, sentences[language]));
    const amountMinor = pick(random, prices);
    return makeListing(
      {
        title,
        text: text.join(language === 'zh' ? '' : ' '),
        category: pick(random, categories),
        condition: pick(random, manners[language]),
        direction: random() < 0.9 ? 'offer' : 'wanted',
        price: amountMinor === null ? null : { amountMinor, currency: 'CNY' },
        quantity: 1 + Math.floor(random() * 5)
      },
      {
        author: pick(random, authors),
        now,
        key: timeKey(Date.parse(now), (bytes) => Uint8Array.from({ length: bytes }, () => Math.floor(random() * 256)))
      }
    );
  });
}

/** A revision for a document that never had one, as a database would give it. */
export function firstRevision<T extends { _id: RecordId }>(doc: T, index: number): T & { _rev: string } {
  return { ...doc, _rev: `1-${index.toString(16).padStart(32, '0')}` };
}
