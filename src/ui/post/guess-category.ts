import type { Category } from '#domain/listing/listing.ts';

// The first that fits: a children's coat is clothes, a bookshelf is furniture, a cookbook is a book.
const signs: readonly [Category, RegExp][] = [
  [
    'books',
    /书(?![桌架柜房包法])|绘本|小说|教材|课本|词典|字典|杂志|漫画|\b(cook)?books?\b|\bnovels?\b|\bmagazines?\b|\bcomics?\b/i
  ],
  [
    'tools',
    /电钻|冲击钻|工具|扳手|螺丝|锤子|锯|梯子|卷尺|钳|\b(drill|tool|toolbox|hammer|spanner|wrench|ladder|saw|pliers|screwdriver)s?\b/i
  ],
  [
    'clothes',
    /裤|衣(?![柜架])|裙|衫|鞋|靴|帽|围巾|袜|外套|手套|\b(trousers|jeans|pants|shorts|shirt|t-shirt|sweater|jumper|dress|dresses|skirt|coat|jacket|shoe|boot|trainer|scarf|scarves|hat|glove|sock)s?\b/i
  ],
  [
    'kids',
    /积木|玩具|玩偶|娃娃|小熊|婴儿|童车|童床|奶瓶|尿不湿|\b(toy|pram|stroller|pushchair|cot|doll|teddy|lego|building blocks|nappies|high chair)s?\b/i
  ],
  [
    'home',
    /灯|多肉|椅|桌|柜|架子|书架|床|沙发|锅|壶|杯|碗|盘子|电饭煲|风扇|台扇|闹钟|挂钟|花盆|绿萝|镜子|地毯|窗帘|\b(lamp|chair|table|desk|shelf|shelves|bookshelf|sofa|bed|mattress|mug|cup|kettle|pan|pot|plate|bowl|clock|mirror|rug|curtain|fan|rice cooker|plant)s?\b/i
  ],
  [
    'food',
    /枣|橙|橘|苹果|水果|梨|桃|西瓜|青菜|白菜|鸡蛋|鸭蛋|大米|面包|饺子|肉|鱼|酱|蜂蜜|茶叶|零食|月饼|\b(jujube|orange|apple|pear|egg|bread|cabbage|honey|jam|rice|tea|cake|potato|potatoes|tomato|tomatoes|fruit|vegetable|dumpling|biscuit)s?\b/i
  ]
];

/** The kind of thing that its first line tells of, in either language; nothing where no word is a sign. */
export function guessCategory(words: string): Category | undefined {
  const [title = ''] = words.trim().split('\n');
  return signs.find(([, sign]) => sign.test(title))?.[0];
}
