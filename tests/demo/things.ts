import type { MotifName } from './motifs.ts';

/** One listing of the demo, as a person would type it. */
export type Thing = {
  circle: '302' | '303';
  by: string;
  motif: MotifName;
  colours: readonly [string, string, string];
  title: string;
  text: string;
  /** In minor units of CNY; null is free. */
  price: number | null;
  category: 'clothes' | 'food' | 'books' | 'home' | 'kids' | 'tools' | 'other';
  pictures?: 1 | 2 | 3;
  quantity?: number;
  unit?: string;
  rule?: 'giver-picks';
  partial?: 'split';
  condition?: string;
  wanted?: true;
};

const blue = ['#5b7c99', '#466580', '#33475a'] as const;
const red = ['#a63d2f', '#c96a55', '#5d2018'] as const;
const green = ['#6d9463', '#8fb27f', '#3c5a3a'] as const;
const honey = ['#d79b3f', '#e8bd74', '#7d5519'] as const;
const plum = ['#7d5a78', '#a584a0', '#46304a'] as const;
const ink = ['#5d6670', '#8b949c', '#32383e'] as const;
const rose = ['#d08b8b', '#e6b5ad', '#87494c'] as const;
const teal = ['#4f8b8b', '#83b3ae', '#2b5253'] as const;
const cream = ['#e4d6bd', '#f3ead8', '#8a7656'] as const;
const date = ['#8f2b1f', '#b04231', '#6f1c13'] as const;
const orange = ['#e8893a', '#f0a45c', '#4d6b35'] as const;

type Rest = Omit<Thing, 'circle' | 'by' | 'motif' | 'colours' | 'price' | 'category' | 'title' | 'text'>;
type Row = [
  by: string,
  motif: MotifName,
  colours: Thing['colours'],
  price: number | null,
  category: Thing['category'],
  title: string,
  text?: string,
  rest?: Rest
];

const in302: Row[] = [
  [
    'lin',
    'trousers',
    blue,
    3500,
    'clothes',
    'Size-S trousers, never worn',
    'They turned out too small. The tag is still on.',
    { pictures: 3, condition: 'unworn' }
  ],
  [
    'mei',
    'jujubes',
    date,
    800,
    'food',
    '新疆大枣，多买了',
    '一个人吃不完。按斤分，自带袋子。',
    { pictures: 2, quantity: 10, unit: '斤', partial: 'split' }
  ],
  [
    'hao',
    'cabbage',
    green,
    null,
    'food',
    'Cabbages from the farm',
    'The lorry brought four too many. Free, but take one each.',
    { quantity: 4 }
  ],
  [
    'zhou',
    'lamp',
    honey,
    4500,
    'home',
    '书桌台灯，暖光',
    '搬家带不走，灯泡是新的。',
    { pictures: 2, condition: '九成新' }
  ],
  [
    'xiaoyu',
    'books',
    plum,
    2000,
    'books',
    'Four novels, read once',
    'Together only. Somebody wrote in the margins of the third, and she is funny.',
    { condition: 'good' }
  ],
  [
    'granny-wang',
    'sweater',
    red,
    null,
    'clothes',
    '手织毛衣，给十岁左右的孩子',
    '孙子长高了。纯羊毛，洗过一次。',
    { pictures: 2, rule: 'giver-picks' }
  ],
  [
    'lin',
    'mug',
    teal,
    600,
    'home',
    'Two mugs with a tea stain',
    'The stain is honest and so is the price.',
    { quantity: 2 }
  ],
  ['mei', 'kettle', ink, 3000, 'home', '烧水壶，1.5 升', '水垢刚除过。', { condition: '八成新' }],
  [
    '302-07',
    'bicycle',
    red,
    28000,
    'other',
    'City bike, 26 inch',
    'New brake pads. The bell is loud. Stands in the shed behind gate 2.',
    { pictures: 3, condition: 'used' }
  ],
  ['302-11', 'blocks', honey, 1500, 'kids', '积木一大盒', '少了一块三角形，其余都在。', { condition: '八成新' }],
  [
    'hao',
    'eggs',
    cream,
    1200,
    'food',
    'Ten farm eggs a box',
    'Laid since Monday.',
    { quantity: 6, unit: 'box', partial: 'split' }
  ],
  ['zhou', 'drill', teal, null, 'tools', '电钻，借用不卖', '周末可借，用完充好电送回来。', { rule: 'giver-picks' }],
  [
    'xiaoyu',
    'dress',
    rose,
    6000,
    'clothes',
    'Summer dress, size M',
    'Worn to one wedding.',
    { pictures: 2, condition: 'like new' }
  ],
  [
    'granny-wang',
    'jars',
    orange,
    1000,
    'food',
    '自己做的辣酱和橘子酱',
    '一大一小算一份，瓶子吃完还我。',
    { quantity: 5, unit: '份' }
  ],
  ['lin', 'umbrella', plum, 1000, 'other', 'Umbrella, wide enough for two', 'I was given a second one.'],
  ['mei', 'chair', honey, 5000, 'home', '实木椅子', '有一条腿垫了纸，稳的。', { pictures: 2, condition: '八成新' }],
  ['302-07', 'ball', orange, 1500, 'kids', 'Basketball, holds its air', ''],
  [
    '302-11',
    'pram',
    teal,
    18000,
    'kids',
    '婴儿车，可折叠',
    '轮子换过新的，电梯放得下。',
    { pictures: 3, condition: '九成新' }
  ],
  [
    'hao',
    'apples',
    red,
    500,
    'food',
    'Windfall apples, by the jin',
    'Not pretty. Good in a pie.',
    { quantity: 20, unit: 'jin', partial: 'split' }
  ],
  ['zhou', 'clock', cream, 2500, 'home', '闹钟，走得准', '滴答声有一点大。'],
  [
    'xiaoyu',
    'guitar',
    honey,
    32000,
    'other',
    'Beginner’s guitar',
    'With a bag and two spare strings. I gave up; you will not.',
    { pictures: 2, condition: 'good' }
  ],
  ['granny-wang', 'plant', green, null, 'home', '绿萝分株，三盆', '浇水别太勤。', { quantity: 3 }],
  [
    'lin',
    'shoes',
    ink,
    8000,
    'clothes',
    'Running shoes, 38',
    'Two runs, then winter.',
    { pictures: 2, condition: 'like new' }
  ],
  ['mei', 'cooker', cream, 9000, 'home', '电饭煲 3 升', '内胆没有划痕。', { pictures: 2, condition: '九成新' }],
  ['302-07', 'toolbox', red, 4000, 'tools', 'Toolbox with what is in it', 'Pliers, three screwdrivers, a mystery.'],
  ['302-11', 'bear', honey, null, 'kids', '小熊找新家', '洗过了，缝过一次耳朵。', { rule: 'giver-picks' }],
  [
    'hao',
    'bread',
    honey,
    1500,
    'food',
    'Sourdough, baked this morning',
    'Three loaves.',
    { quantity: 3, unit: 'loaf' }
  ],
  ['zhou', 'fan', teal, 3500, 'home', '台扇，三档风', '最低档很安静。'],
  ['xiaoyu', 'book', teal, 1200, 'books', 'Learn to draw birds', 'Page 40 has a feather in it.'],
  ['granny-wang', 'scarf', plum, 2000, 'clothes', '羊毛围巾，新的', '织多了一条。', { condition: '全新' }],
  ['lin', 'pan', ink, 2500, 'home', 'Iron pan', 'Seasoned for two years. Heavy.', { condition: 'good' }],
  [
    'mei',
    'oranges',
    orange,
    1800,
    'food',
    '赣南脐橙，一箱分着买',
    '团剩下的，按斤。',
    { quantity: 12, unit: '斤', partial: 'split' }
  ],
  ['302-07', 'lamp', plum, 1500, 'home', 'Bedside lamp', ''],
  ['302-11', 'books', rose, null, 'books', '绘本一摞，三到五岁', '十本，整摞拿走。', { pictures: 2 }],
  ['hao', 'jars', honey, 2800, 'food', 'Lime-tree honey', 'From my cousin’s four hives.', { quantity: 8, unit: 'jar' }],
  ['zhou', 'drill', ink, null, 'tools', '求：冲击钻用一个下午', '周六装书架，用完就还。', { wanted: true }],
  [
    'xiaoyu',
    'bicycle',
    green,
    20000,
    'other',
    'Wanted: a small bicycle',
    'For a child of six. Rust is fine.',
    { wanted: true }
  ],
  ['granny-wang', 'kettle', red, null, 'home', '求一把老式水壶', '会响的那种。', { wanted: true }],
  ['lin', 'sweater', teal, 4000, 'clothes', 'Sweater, a bit long', 'Size M, falls like L.', { condition: 'good' }],
  ['mei', 'mug', rose, null, 'home', '杯子，送给爱喝茶的人', '', { rule: 'giver-picks' }]
];

const in303: Row[] = [
  ['fang', 'pram', plum, 22000, 'kids', '双胞胎婴儿车', '两个孩子都会跑了。', { pictures: 2, condition: '八成新' }],
  [
    'mei',
    'oranges',
    orange,
    1700,
    'food',
    'Oranges, from the case of 12',
    'Pick up at the gate on Saturday.',
    { quantity: 8, unit: 'jin', partial: 'split' }
  ],
  ['303-02', 'chair', teal, 3000, 'home', '折叠椅两把', '阳台上放过。', { quantity: 2 }],
  ['303-05', 'trousers', ink, 2000, 'clothes', 'Work trousers, 34', 'Paint on one knee.'],
  ['fang', 'blocks', rose, 2500, 'kids', '启蒙积木，软的', '', { condition: '九成新' }],
  ['granny-wang', 'cabbage', green, null, 'food', '阳台种的青菜', '随便摘，留根。', { quantity: 6 }],
  ['303-02', 'book', red, 800, 'books', 'Cooking for one', 'I cook for two now.'],
  ['303-05', 'toolbox', honey, 6000, 'tools', '工具箱，八成新', '扳手一套。'],
  ['zhou', 'clock', teal, 1800, 'home', 'Wall clock', 'Silent.'],
  ['fang', 'dress', plum, 5000, 'clothes', '连衣裙，M 码', '', { pictures: 2, condition: '九成新' }],
  ['mei', 'eggs', honey, 1300, 'food', 'Duck eggs', 'Six a box.', { quantity: 4, unit: 'box' }],
  ['303-02', 'plant', teal, 1500, 'home', '龟背竹小苗', ''],
  ['303-05', 'ball', red, null, 'kids', 'Football, needs a pump', ''],
  ['granny-wang', 'scarf', red, null, 'clothes', '红围巾，过年戴', '', { rule: 'giver-picks' }],
  ['fang', 'bear', rose, 1000, 'kids', '洗干净的小熊', ''],
  ['303-02', 'umbrella', teal, 800, 'other', 'Umbrella', 'Somebody left it. Not yours? Then yours.'],
  ['303-05', 'fan', red, 3000, 'home', '电风扇', '声音大，风也大。'],
  [
    'mei',
    'jujubes',
    date,
    900,
    'food',
    'Jujubes, second sack',
    'By the jin.',
    { quantity: 15, unit: 'jin', partial: 'split' }
  ],
  ['fang', 'books', green, null, 'books', '求：一年级语文书', '上册。', { wanted: true }],
  ['303-05', 'guitar', red, 26000, 'other', 'Guitar, with stickers', 'The stickers do not come off.', { pictures: 2 }]
];

const thing = (circle: Thing['circle'], [by, motif, colours, price, category, title, text = '', rest]: Row): Thing => ({
  circle,
  by,
  motif,
  colours,
  price,
  category,
  title,
  text,
  ...rest
});

const all = [...in302.map((row) => thing('302', row)), ...in303.map((row) => thing('303', row))];

/** Sixty, the oldest first; each list above has its newest on top. */
export const things: Thing[] = all.reverse();
