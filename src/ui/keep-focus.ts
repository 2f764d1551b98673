import type { Attachment } from 'svelte/attachments';

/** Where the button that was pressed gives way to another, the focus goes on to the last one that stands there now. */
export const keepFocus: Attachment<HTMLElement> = (element) => {
  let pressed: Element | null = null;
  const note = () => (pressed = document.activeElement);
  const observer = new MutationObserver(() => {
    if (!pressed || pressed.isConnected) return;
    pressed = null;
    if (document.activeElement !== document.body) return; // it went elsewhere meanwhile
    [...element.querySelectorAll('button')].at(-1)?.focus({ preventScroll: true });
  });
  element.addEventListener('click', note);
  observer.observe(element, { childList: true, subtree: true });
  return () => {
    element.removeEventListener('click', note);
    observer.disconnect();
  };
};
