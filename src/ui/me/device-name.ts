// The first that fits names it: Edge calls itself Chrome too, Chrome Safari, an iPhone a Mac.
const browsers: [RegExp, string][] = [
  [/MicroMessenger/, 'WeChat'],
  [/Edg/, 'Edge'],
  [/SamsungBrowser/, 'Samsung Internet'],
  [/Firefox|FxiOS/, 'Firefox'],
  [/Chrome|CriOS/, 'Chrome'],
  [/Safari/, 'Safari']
];
const systems: [RegExp, string][] = [
  [/iPhone/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/Macintosh|Mac OS/, 'Mac'],
  [/Linux|CrOS/, 'Linux']
];

/** "Chrome · Android" from what a browser says of itself; a name that is no such text stays as it is. */
export function deviceName(agent: string | undefined): string | undefined {
  if (!agent) return undefined;
  const found = [browsers, systems].map((table) => table.find(([sign]) => sign.test(agent))?.[1]);
  return found.filter(Boolean).join(' · ') || agent.slice(0, 40);
}

export function isPhone(agent = ''): boolean {
  return /Mobi|Android|iPhone|iPad/.test(agent);
}
