import { getContext, setContext, type Snippet } from 'svelte';

const key = Symbol('status');

/** The sync line that every screen shows in its header; the layout knows it, the screens only place it. */
export const placeStatus = (status: Snippet) => setContext(key, status);
export const placedStatus = () => getContext<Snippet | undefined>(key);
