const mostSigns = 4;
const mostLetters = 8; // about as wide as four Chinese signs

/** What stands where a picture would: the first few Chinese signs of a title up to a comma, of any other its first word. */
export function signOf(title: string): string {
  const han = title.split(/\p{P}+/u).find((part) => /\p{Script=Han}/u.test(part));
  if (han) return [...han.trim()].slice(0, mostSigns).join('').trimEnd();
  const word = title.trim().match(/^[^\s\p{P}]+([-'’.][^\s\p{P}]+)*/u)?.[0] ?? '';
  return [...word].slice(0, mostLetters).join('');
}
