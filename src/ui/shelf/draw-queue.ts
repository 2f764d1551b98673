import { flushSync } from 'svelte';

// Of a frame's 16 ms, so that a thumb's scroll keeps its pace while cards are drawn.
const budgetMs = 6;

const near = new Set<() => void>();
const far = new Set<() => void>();
let isAsked = false;

/** Draws a little each frame, what is near the screen before all else. Answers how to let it be. */
export function drawSoon(draw: () => void): () => void {
  far.add(draw);
  askForFrame();
  return () => {
    near.delete(draw);
    far.delete(draw);
  };
}

/** It came near the screen while it waited. */
export function drawFirst(draw: () => void) {
  if (far.delete(draw)) near.add(draw);
}

function askForFrame() {
  if (isAsked) return;
  isAsked = true;
  requestAnimationFrame(drawSome);
}

function drawSome() {
  isAsked = false;
  const until = performance.now() + budgetMs;
  for (const waiting of [near, far]) {
    for (const draw of waiting) {
      if (performance.now() >= until) return askForFrame();
      waiting.delete(draw);
      flushSync(draw);
    }
  }
}
