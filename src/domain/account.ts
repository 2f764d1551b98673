/** What a login is made of; phones capitalise the first letter, so screens lower it before they ask. */
export const loginForm = /^[a-z0-9._@+-]{2,60}$/;

/**
 * Eight is NIST's least; 200 keeps a passphrase and no load test. Length alone is asked for: other rules make people write
 * a password down.
 */
export const passwordLength = { least: 8, most: 200 };

/** How long the six digits for another browser are good: enough to walk to a laptop, too short to guess a million. */
export const handoffMinutes = 5;
