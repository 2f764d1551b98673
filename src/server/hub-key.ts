import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import type { Couch } from './couch.ts';
import { CouchConflict } from './couch-error.ts';

/** The hub's signing key (Ed25519). Whoever has it can speak as the hub, so the secret half stays in the database `system`. */
export type HubKey = {
  /**
   * The signature for a record of a database, over that name and its canonical JSON without `_rev`, `_revisions` and `signature`.
   * The name is in it because a member of two circles may hand records back: one's steward is not the other's.
   */
  sign(record: object, database: string): string;
  /** Whether the record's own `signature` is this hub's for that database. Total: any value may be asked about. */
  verify(record: unknown, database: string): boolean;
};

type KeyDocument = { _id: string; createdAt: string; privateKey: string };

const keyId = 'hub-key';

/** Reads the hub's key from `system`, making it the first time; of two hubs starting at once one key stands. */
export async function openHubKey(couch: Couch, clock: () => number): Promise<HubKey> {
  const system = await couch.ensure('system');
  const stored = await system.get<KeyDocument>(keyId);
  if (stored) return hubKey(stored.privateKey);
  const privateKey = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  try {
    await system.put({ _id: keyId, createdAt: new Date(clock()).toISOString(), privateKey } as KeyDocument);
    return hubKey(privateKey);
  } catch (error) {
    if (!(error instanceof CouchConflict)) throw error;
    return openHubKey(couch, clock);
  }
}

function hubKey(pem: string): HubKey {
  const privateKey = createPrivateKey(pem);
  const publicKey = createPublicKey(privateKey);
  return {
    sign: (record, database) => sign(null, signedBytes(record, database), privateKey).toString('base64url'),
    verify(record, database) {
      if (typeof record !== 'object' || record === null || Array.isArray(record)) return false;
      const { signature } = record as { signature?: unknown };
      if (typeof signature !== 'string') return false;
      return verify(null, signedBytes(record, database), publicKey, Buffer.from(signature, 'base64url'));
    }
  };
}

const unsigned = new Set(['_rev', '_revisions', 'signature']);

const signedBytes = (record: object, database: string) => {
  const fields = Object.entries(record).filter(([field]) => !unsigned.has(field));
  return Buffer.from(canonicalJson([database, Object.fromEntries(fields)]));
};

/** JSON with every object's keys in order and nothing undefined: equal content is equal text. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  fields.sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${canonicalJson(field)}`).join(',')}}`;
}
