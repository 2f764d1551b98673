import type { Attachment } from 'svelte/attachments';

const waiting = new Map<Element, () => void>();
let observer: IntersectionObserver | undefined;

// Half a screen ahead: a thumb's flick finds the picture already there.
const ahead = '400px';

function watch(element: Element, then: () => void) {
  observer ??= new IntersectionObserver(
    (entries) => {
      for (const entry of entries) if (entry.isIntersecting) waiting.get(entry.target)?.();
    },
    { rootMargin: ahead }
  );
  waiting.set(element, then);
  observer.observe(element);
  return () => {
    waiting.delete(element);
    observer!.unobserve(element);
  };
}

/** Calls once, when the element comes near the screen; one observer serves all. */
export function whenNear(then: () => void): Attachment {
  return (element) => {
    const stop = watch(element, () => {
      stop();
      then();
    });
    return stop;
  };
}

/** Calls each time the element comes near the screen. */
export function whileNear(then: () => void): Attachment {
  return (element) => watch(element, then);
}
