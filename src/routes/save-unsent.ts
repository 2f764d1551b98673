import { exportUnsent } from '#data/export-unsent.ts';
import { session } from '#data/session.svelte.ts';
import { saveFile } from '#ui/me/save-file.ts';

/** Hands what the hub has not got to the browser's own "save", readable without this app. */
export async function saveUnsent(): Promise<void> {
  saveFile(await exportUnsent(session.me!.id), 'jujube-unsent.json');
}
