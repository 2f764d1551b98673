import { Neighbour } from '../neighbour.ts';

/** Who lives here: login, name. All sign in with the same password: it is a play. */
const people = [
  ['zhou', 'Zhou'],
  ['lin', 'Lin'],
  ['mei', 'Mei'],
  ['fang', 'Fang'],
  ['hao', 'Hao'],
  ['xiaoyu', 'Xiaoyu'],
  ['granny-wang', 'Granny Wang'],
  ['302-07', '302-07'],
  ['302-11', '302-11'],
  ['303-02', '303-02'],
  ['303-05', '303-05']
] as const;

const password = 'jujube-demo';

const homes = {
  '302': ['lin', 'mei', 'hao', 'xiaoyu', 'granny-wang', '302-07', '302-11'],
  '303': ['fang', 'mei', 'granny-wang', '303-02', '303-05']
} as const;

export type Cast = {
  people: Neighbour[];
  circles: { '302': string; '303': string; hangzhou: string };
  /** Who belongs to which circle. */
  members: [circle: string, people: Neighbour[]][];
  one(login: string): Neighbour;
};

/** Zhou sets the hub up and founds the circles, Fang the chapter; everybody comes by invitation. */
export async function settleIn(url: string, setup: string): Promise<Cast> {
  const cast = people.map(([login, name]) => new Neighbour(url, login, name, password));
  const one = (login: string) => {
    const found = cast.find((neighbour) => neighbour.login === login);
    if (!found) throw new Error(`Nobody here is called ${login}`);
    return found;
  };
  const zhou = one('zhou');
  const fang = one('fang');

  await zhou.signUp({ setup });
  const first = await zhou.found({ name: '302', circleKind: 'circle' });
  const door = await zhou.invite(first, homes['302'].length);
  for (const login of homes['302']) await one(login).signUp({ invite: door });

  const second = await zhou.found({ name: '303', circleKind: 'circle' });
  const nextDoor = await zhou.invite(second, homes['303'].length);
  for (const login of homes['303']) {
    if (one(login).id === '') await one(login).signUp({ invite: nextDoor });
    else await one(login).join(nextDoor);
  }
  await zhou.call('PATCH', `/api/circles/${second}/members/${fang.id}`, { role: 'steward' });

  const hangzhou = await fang.found({ name: 'Hangzhou 杭州', circleKind: 'chapter', city: 'Hangzhou' });
  for (const login of ['mei', 'lin']) await one(login).join(await fang.invite(hangzhou, 1));

  await zhou.call('PATCH', `/api/circles/${first}`, {
    rules: '东西说实话，钱当面清。\nBe honest about things, settle money face to face, and answer within a day.'
  });
  return {
    people: cast,
    circles: { '302': first, '303': second, hangzhou },
    members: [
      [first, [zhou, ...homes['302'].map(one)]],
      [second, [zhou, ...homes['303'].map(one)]],
      [hangzhou, [fang, one('mei'), one('lin')]]
    ],
    one
  };
}
