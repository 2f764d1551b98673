import { createSubscriber } from 'svelte/reactivity';

// A minute is the finest step that relative times show.
const subscribe = createSubscriber((update) => {
  const timer = setInterval(update, 60_000);
  return () => clearInterval(timer);
});

/** The present moment in milliseconds; whatever shows it is shown again each minute. */
export const present = {
  get ms() {
    subscribe();
    return Date.now();
  }
};
