const storeKey = 'jujube-circle';

/** The circle looked at last on this device, if it is still one of mine; else the first. */
export function lastCircle(mine: readonly { id: string; leftAt?: string }[]): string | null {
  const kept = localStorage.getItem(storeKey);
  const present = mine.filter((circle) => !circle.leftAt);
  return (mine.find((circle) => circle.id === kept) ?? present[0] ?? mine[0])?.id ?? null;
}

export function rememberCircle(circle: string) {
  localStorage.setItem(storeKey, circle);
}
