// How the messages become code: for Vite, and for what runs without it (the hub, the checks).
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** @type {{ project: string; outdir: string; strategy: ('localStorage' | 'preferredLanguage' | 'baseLocale')[] }} */
export const paraglideOptions = {
  project: './project.inlang',
  outdir: './src/paraglide',
  strategy: ['localStorage', 'preferredLanguage', 'baseLocale']
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { compile } = await import('@inlang/paraglide-js');
  const root = fileURLToPath(new URL('..', import.meta.url));
  const { project, outdir, strategy } = paraglideOptions;
  await compile({ project: join(root, project), outdir: join(root, outdir), strategy });
}
