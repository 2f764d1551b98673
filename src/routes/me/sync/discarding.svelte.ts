import { onDestroy } from 'svelte';
import { SvelteMap } from 'svelte/reactivity';
import type { RefusedItem } from '#domain/views.ts';
import { m } from '#messages';
import { showToast, toastMs } from '#ui/kit/toast.svelte.ts';

const keyOf = ({ circle, id }: RefusedItem) => `${circle}/${id}`;

/** What was refused is let go of after the time to undo, or on leaving the page: until then the words are all there. */
export class Discarding {
  #going = new SvelteMap<string, { item: RefusedItem; timer: ReturnType<typeof setTimeout> }>();
  #drop: (item: RefusedItem) => void;

  constructor(drop: (item: RefusedItem) => void) {
    this.#drop = drop;
    onDestroy(() => this.#going.forEach(({ item }) => this.#end(item, drop)));
  }

  has(item: RefusedItem): boolean {
    return this.#going.has(keyOf(item));
  }

  start(item: RefusedItem) {
    this.#going.set(keyOf(item), { item, timer: setTimeout(() => this.#drop(item), toastMs) });
    showToast({ text: m.me_sync_discarded(), undo: () => this.#end(item) });
  }

  #end(item: RefusedItem, then?: (item: RefusedItem) => void) {
    clearTimeout(this.#going.get(keyOf(item))?.timer);
    this.#going.delete(keyOf(item));
    then?.(item);
  }
}
