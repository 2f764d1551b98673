import type { Attachment } from 'svelte/attachments';

type Watch = { observer: IntersectionObserver; waiting: WeakMap<Element, () => void> };

const watches = new Map<string, Watch>();

// Half a screen: a thumb's flick finds the picture already there.
const usual = '400px';

function watchAt(ahead: string): Watch {
  const known = watches.get(ahead);
  if (known) return known;
  const waiting: Watch['waiting'] = new WeakMap();
  const observer = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) if (entry.isIntersecting) waiting.get(entry.target)?.();
    },
    { rootMargin: ahead }
  );
  watches.set(ahead, { observer, waiting });
  return { observer, waiting };
}

function watch(element: Element, then: () => void, ahead: string) {
  const { observer, waiting } = watchAt(ahead);
  waiting.set(element, then);
  observer.observe(element);
  return () => {
    waiting.delete(element);
    observer.unobserve(element);
  };
}

/** Calls once, when the element comes this near to the screen; one observer serves all of a distance. */
export function whenNear(then: () => void, ahead = usual): Attachment {
  return (element) => {
    const stop = watch(
      element,
      () => {
        stop();
        then();
      },
      ahead
    );
    return stop;
  };
}

/** Calls each time the element comes this near to the screen. */
export function whileNear(then: () => void, ahead = usual): Attachment {
  return (element) => watch(element, then, ahead);
}
