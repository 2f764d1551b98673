import { tick } from 'svelte';

/** Brings the first field at fault to the thumb, once the faults are shown. */
export async function focusFault(form: HTMLFormElement) {
  await tick();
  form.querySelector<HTMLElement>('[aria-invalid]')?.focus();
}
