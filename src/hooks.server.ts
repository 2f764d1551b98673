import type { HandleServerError } from '@sveltejs/kit';

/**
 * Kit would print the address of every page that is not there, and an address may hold an invite's token: a robot that previews links is
 * enough. What a person asked for in vain is no fault of the hub's; what is one is printed without the address.
 */
export const handleError: HandleServerError = ({ error, status }) => {
  if (status >= 500) console.error('A page could not be made; please report the error', error);
};
