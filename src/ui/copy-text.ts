import { m } from '#messages';
import { showToast } from './kit/toast.svelte.ts';

/** To the clipboard, and says so, or how to do it by hand where a browser forbids it. */
export async function copyText(text: string): Promise<void> {
  await navigator.clipboard.writeText(text).then(
    () => showToast({ text: m.kit_copied() }),
    () => showToast({ text: m.kit_copy_failed() })
  );
}
