import type { OnNavigate } from '@sveltejs/kit';

/** A short fade from screen to screen where the browser can, and none for those who asked for less motion. */
export function fadeBetween(navigation: OnNavigate): Promise<void> | void {
  if (!document.startViewTransition || matchMedia('(prefers-reduced-motion: reduce)').matches) return;
  if (navigation.from?.route.id === navigation.to?.route.id) return;
  return new Promise((resolve) => {
    document.startViewTransition(async () => {
      resolve();
      await navigation.complete;
    });
  });
}
