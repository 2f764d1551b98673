const mostSigns = 4;
const mostLetters = 8; // about as wide as four Chinese signs

/** What stands where a picture would: the first few Chinese signs of a title, of any other its first word. */
export function signOf(title: string): string {
  if (/\p{Script=Han}/u.test(title)) return [...title].slice(0, mostSigns).join('');
  const word = title.trim().match(/^[^\s\p{P}]+([-'’.][^\s\p{P}]+)*/u)?.[0] ?? '';
  return [...word].slice(0, mostLetters).join('');
}
