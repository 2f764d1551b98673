import type { Couch } from './couch.ts';
import { drawText, secretHash, type Random } from './draw.ts';
import type { PasswordHash, Passwords } from './passwords.ts';
import { createDocument, deleteDocument, documentsWith, systemName, updateDocument, type Stored } from './system.ts';

/**
 * One person at this hub. `circles` are all she ever joined, written before each membership, so that nothing of hers is
 * overlooked; whether she is in one is for `hub:member` to say.
 */
export type AccountDocument = {
  login: string;
  name: string;
  password: PasswordHash;
  circles: string[];
  createdAt: string;
  /** SHA-256 of the recovery codes not used yet. */
  recovery?: string[];
};

export type Account = AccountDocument & { id: string };

export type Accounts = {
  get(id: string): Promise<Account | null>;
  byLogin(login: string): Promise<Account | null>;
  /** Names by id, of those that exist. */
  names(ids: readonly string[]): Promise<Map<string, string>>;
  /** Whether there is any account: while there is none the set-up link is open. */
  any(): Promise<boolean>;
  all(): Promise<Account[]>;
  /** Writes a new account, its login taken first (MVCC lets one win); false when somebody has the login. */
  create(id: string, account: Pick<AccountDocument, 'login' | 'name' | 'password'>): Promise<boolean>;
  /** Takes back an account that nobody was told of, and its hold on the login, as far as either was made. */
  discard(id: string, login: string): Promise<void>;
  rename(id: string, name: string): Promise<void>;
  addCircle(id: string, circle: string): Promise<void>;
  /** The account whose password this is, or null: the same answer in the same time for an unknown login. */
  verify(login: string, password: string): Promise<Account | null>;
  setPassword(id: string, password: string): Promise<void>;
  /** Replaces all recovery codes; the codes themselves exist only in this answer. */
  newRecoveryCodes(id: string): Promise<string[]>;
  /** Uses up one code; null when login and code do not belong together. Of two uses at once one wins. */
  useRecoveryCode(login: string, code: string): Promise<Account | null>;
};

export const accountId = (id: string): string => `account:${id}`;
/** No account has this id: drawn ones are longer. */
const nobody = '-';
const loginId = (login: string): string => `login:${login}`;

/** Enough for one sheet of paper; 16 characters are 80 bits, far beyond guessing, and can be read out over a telephone. */
const recoveryCodes = 8;
const recoveryCodeLength = 16;

export function createAccounts(deps: {
  couch: Couch;
  clock: () => number;
  random: Random;
  passwords: Passwords;
}): Accounts {
  const { clock, random, passwords } = deps;
  const system = deps.couch.database(systemName);

  const get: Accounts['get'] = async (id) => {
    const document = await system.get<Stored<AccountDocument>>(accountId(id));
    return document && toAccount(document);
  };

  // Asks as much of the database for a login that nobody has, so that time does not tell it from one that somebody has.
  const byLogin: Accounts['byLogin'] = async (login) => {
    const taken = await system.get<{ account: string }>(loginId(login));
    return get(taken?.account ?? nobody);
  };

  const change = async (id: string, edit: (before: AccountDocument) => AccountDocument | null) => {
    await updateDocument<AccountDocument>(system, accountId(id), (before) => before && edit(before));
  };

  return {
    get,
    byLogin,
    async names(ids) {
      const { rows } = await system.allDocs<Stored<AccountDocument>>({ keys: ids.map(accountId), includeDocs: true });
      return new Map(rows.flatMap(({ doc }) => (doc ? [[toAccount(doc).id, doc.name] as const] : [])));
    },
    any: async () => (await documentsWith(system, 'account:', 1)).length > 0,
    all: async () => (await documentsWith<AccountDocument>(system, 'account:')).map(toAccount),
    async create(id, account) {
      const reservation = { _id: loginId(account.login), account: id };
      if (!(await createDocument(system, reservation))) return false;
      const document = { _id: accountId(id), ...account, circles: [], createdAt: new Date(clock()).toISOString() };
      if (!(await createDocument(system, document))) throw new Error('The random source repeats itself');
      return true;
    },
    async discard(id, login) {
      await deleteDocument(system, accountId(id));
      const taken = await system.get<{ account: string }>(loginId(login));
      if (taken?.account === id) await deleteDocument(system, loginId(login));
    },
    rename: (id, name) => change(id, (before) => (before.name === name ? null : { ...before, name })),
    addCircle: (id, circle) =>
      change(id, (before) =>
        before.circles.includes(circle) ? null : { ...before, circles: [...before.circles, circle] }
      ),
    async verify(login, password) {
      const account = await byLogin(login);
      return (await passwords.matches(password, account?.password ?? null)) ? account : null;
    },
    async setPassword(id, text) {
      const password = await passwords.hash(text);
      await change(id, (before) => ({ ...before, password }));
    },
    async newRecoveryCodes(id) {
      const codes = Array.from({ length: recoveryCodes }, () => drawText(random, recoveryCodeLength));
      await change(id, (before) => ({ ...before, recovery: codes.map(secretHash) }));
      return codes.map((code) => code.match(/.{4}/g)!.join('-'));
    },
    async useRecoveryCode(login, code) {
      // As long as a password takes: beside that, whether the database finds something tells nothing.
      await passwords.matches(code, null);
      const account = await byLogin(login);
      const hash = secretHash(code.toLowerCase().replaceAll(/[^a-z0-9]/g, ''));
      let used = false;
      await change(account?.id ?? nobody, (before) => {
        used = before.recovery?.includes(hash) ?? false;
        return used ? { ...before, recovery: before.recovery!.filter((one) => one !== hash) } : null;
      });
      return used ? account : null;
    }
  };
}

function toAccount({ _id, _rev, ...document }: Stored<AccountDocument>): Account {
  return { id: _id.slice(accountId('').length), ...document };
}
