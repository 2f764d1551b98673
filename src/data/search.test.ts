import { expect, test } from 'vitest';
import { makeListing } from '#domain/listing/listing.ts';
import { catchUp } from './projector.ts';
import { openSearchIndex } from './search-index.ts';
import { indexWords, searchWords } from './search-words.ts';
import { circle } from './testing/devices.ts';
import { memoryLog, memoryModel } from './testing/memory-pouch.ts';

const now = '2026-03-01T08:00:00.000Z';
const titles = { fridge: '冰箱', freezer: '冷冻冰柜', pot: 'Jujube pot', spotted: 'A spotted 箱子' };

async function shelf() {
  const log = memoryLog();
  const model = memoryModel();
  for (const [key, title] of Object.entries(titles)) {
    await log.put(makeListing({ title }, { author: 'lin', key, now }) as never);
  }
  await catchUp(model, log, circle);
  return { log, model, index: await openSearchIndex(model, circle) };
}

const keysOf = (ids: string[]) => ids.map((id) => id.split(':')[2]).sort();

test('signs without spaces are words alone and in pairs, a search takes the pairs', () => {
  expect(indexWords('旧冰箱 XL')).toEqual(['旧', '冰', '箱', '旧冰', '冰箱', 'xl']);
  expect(searchWords('旧冰箱 XL')).toEqual(['旧冰', '冰箱', 'xl']);
  expect(searchWords('箱')).toEqual(['箱']);
});

test('one sign finds every word it is in, two signs only those that have them side by side', async () => {
  const { index } = await shelf();
  expect(keysOf(index.find('箱', 10))).toEqual(['fridge', 'spotted']);
  expect(keysOf(index.find('冰箱', 10))).toEqual(['fridge']);
});

test('a word still being typed finds what begins with it, in any case', async () => {
  const { index } = await shelf();
  expect(keysOf(index.find('JUJ', 10))).toEqual(['pot']);
  expect(keysOf(index.find('pot', 10))).toEqual(['pot']);
});

test('the index follows a title that changed and a thing that left the shelf', async () => {
  const { log, model, index } = await shelf();
  const pot = (await log.get('lin:listing:pot'))!;
  await log.put({ ...pot, title: 'Kettle' });
  const fridge = (await log.get('lin:listing:fridge'))!;
  await log.put({ ...fridge, status: 'withdrawn' });
  const { listings } = await catchUp(model, log, circle);
  await index.follow([...listings]);
  expect(index.find('pot', 10)).toEqual([]);
  expect(keysOf(index.find('kettle', 10))).toEqual(['pot']);
  expect(index.find('冰箱', 10)).toEqual([]);
});
