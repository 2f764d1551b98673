import { showToast } from '#ui/kit/toast.svelte.ts';
import { refusedWords } from '#ui/me/kind-words.ts';

type Act = (...args: never[]) => unknown;
type Guarded<Acts> = {
  [Name in keyof Acts]: Acts[Name] extends (...args: infer A) => unknown ? (...args: A) => Promise<boolean> : never;
};

/** The same acts, each resolving with whether it was done, and saying in words when it was refused. */
export function guarded<Acts extends Record<string, Act>>(acts: Acts): Guarded<Acts> {
  const told = Object.entries(acts).map(([name, act]) => [
    name,
    async (...args: never[]) => {
      try {
        await act(...args);
        return true;
      } catch (reason) {
        showToast({ text: refusedWords((reason as { code?: string }).code ?? '') });
        return false;
      }
    }
  ]);
  return Object.fromEntries(told) as Guarded<Acts>;
}
