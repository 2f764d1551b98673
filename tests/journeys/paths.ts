import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../scripts/ground.js';

/** What a path is about. */
export type Things = { circle: string; listing: string; token: string; setUpToken: string };

type Visit = { path: (things: Things) => string; as: 'member' | 'giver' | 'stranger' };

const within = (rest: string) => (things: Things) => `/c/${things.circle}${rest}`;
const item = (rest: string) => (things: Things) =>
  `/c/${things.circle}/listing/${encodeURIComponent(things.listing)}${rest}`;

/** How to get to every screen there is; a route without a row here fails the tests. */
export const visits: Record<string, Visit> = {
  '/setup': { path: ({ setUpToken }) => `/setup#${setUpToken}`, as: 'stranger' },
  '/sign-in': { path: () => '/sign-in', as: 'stranger' },
  '/join/[token]': { path: ({ token }) => `/join/${token}`, as: 'stranger' },
  '/': { path: () => '/', as: 'member' },
  '/circles': { path: () => '/circles', as: 'member' },
  '/chapters': { path: () => '/chapters', as: 'member' },
  '/mine': { path: () => '/mine', as: 'member' },
  '/inbox': { path: () => '/inbox', as: 'member' },
  '/me': { path: () => '/me', as: 'member' },
  '/me/sync': { path: () => '/me/sync', as: 'member' },
  '/me/devices': { path: () => '/me/devices', as: 'member' },
  '/c/[circle]': { path: within(''), as: 'member' },
  '/c/[circle]/post': { path: within('/post'), as: 'member' },
  '/c/[circle]/people': { path: within('/people'), as: 'member' },
  '/c/[circle]/invite': { path: within('/invite'), as: 'member' },
  '/c/[circle]/about': { path: within('/about'), as: 'member' },
  '/c/[circle]/gatherings': { path: within('/gatherings'), as: 'member' },
  '/c/[circle]/listing/[id]': { path: item(''), as: 'member' },
  '/c/[circle]/listing/[id]/edit': { path: item('/edit'), as: 'giver' }
};

/** The routes that stand in the tree. */
export function routes(): string[] {
  return readdirSync(join(root, 'src', 'routes'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('+page.svelte'))
    .map((file) => `/${file.slice(0, -'+page.svelte'.length)}`.replace(/(.)\/$/, '$1'));
}
