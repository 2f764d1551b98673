import { createHash } from 'node:crypto';

/** Bytes of a secure random source; tests give their own. */
export type Random = (bytes: number) => Uint8Array;

// 32 characters that nobody mistakes for one another (no 0 o 1 l), so that a byte's low five bits choose without bias.
const alphabet = 'abcdefghijkmnpqrstuvwxyz23456789';

/** Text of `length` characters, five random bits each. */
export function drawText(random: Random, length: number): string {
  return Array.from(random(length), (byte) => alphabet[byte & 31]).join('');
}

/** An id for an account or a circle: 60 random bits, so that none is guessed and none is ever given twice. */
export function drawId(random: Random): string {
  return drawText(random, 12);
}

/** A secret for a cookie or a link, as text that needs no encoding in an address. */
export function drawSecret(random: Random, bytes: number): string {
  return Buffer.from(random(bytes)).toString('base64url');
}

/** What is kept of a drawn secret. Plain SHA-256 is enough for what has 80 random bits or more, and for nothing else. */
export function secretHash(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
