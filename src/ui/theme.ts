export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const storeKey = 'jujube-theme';

export function chosenTheme(): Theme {
  const kept = localStorage.getItem(storeKey);
  return kept === 'light' || kept === 'dark' ? kept : 'system';
}

export function applyTheme(theme = chosenTheme()) {
  document.documentElement.style.colorScheme = theme === 'system' ? '' : theme;
}

export function chooseTheme(theme: Theme) {
  localStorage.setItem(storeKey, theme);
  applyTheme(theme);
}
