type Toast = {
  id: number;
  text: string;
  undo?: () => void;
  action?: { label: string; run: () => void };
  stays?: boolean;
};

// Long enough to read a sentence and to reach for "Undo" without haste.
export const toastMs = 8_000;

let next = 1;
let timer: ReturnType<typeof setTimeout> | undefined;
let shown = $state.raw<Toast | null>(null);

export const toast = {
  get current() {
    return shown;
  }
};

/** One at a time: a new one takes the old one's place. */
export function showToast(what: Omit<Toast, 'id'>) {
  shown = { id: next++, ...what };
  resumeToast();
}

export function dismissToast() {
  clearTimeout(timer);
  shown = null;
}

export function pauseToast() {
  clearTimeout(timer);
}

export function resumeToast() {
  clearTimeout(timer);
  if (!shown?.stays) timer = setTimeout(dismissToast, toastMs);
}
