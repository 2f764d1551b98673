import { ask } from '../device.ts';
import type { MessageView, NewsView } from '#domain/views.ts';

export type Inbox = { messages: MessageView[]; news: NewsView[] };

/** Private words to and from me and what happened to my things, newest first. */
export function inbox(): Promise<Inbox> {
  return ask('inbox');
}
