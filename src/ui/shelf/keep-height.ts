import type { Attachment } from 'svelte/attachments';

const kept = new WeakMap<Element, (height: number) => void>();
let observer: ResizeObserver | undefined;

/** Notes how high the element stands, as it changes: coming back, everything is where it was before it is drawn. */
export function keepHeight(id: string, heights: Map<string, number>): Attachment {
  return (element) => {
    observer ??= new ResizeObserver((entries) => {
      for (const { target, borderBoxSize } of entries) kept.get(target)?.(borderBoxSize[0]?.blockSize ?? 0);
    });
    kept.set(element, (height) => height > 0 && heights.set(id, height));
    observer.observe(element);
    return () => observer?.unobserve(element);
  };
}
