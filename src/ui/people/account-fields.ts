import { m } from '#messages';

export type AccountFields = { name: string; login: string; password: string };
export type AccountFaults = Partial<Record<keyof AccountFields, string>>;

const loginForm = /^[a-z0-9._@+-]{2,60}$/;
const leastPassword = 8; // the hub refuses shorter ones

/** What is wrong before the hub needs to be asked; empty when nothing is. */
export function accountFaults({ name, login, password }: AccountFields): AccountFaults {
  const faults: AccountFaults = {};
  if (!name.trim()) faults.name = m.auth_missing();
  if (!login.trim()) faults.login = m.auth_missing();
  else if (!loginForm.test(asLogin(login))) faults.login = m.auth_login_wrong();
  const short = passwordFault(password);
  if (short) faults.password = short;
  return faults;
}

export function passwordFault(password: string): string | undefined {
  if (!password) return m.auth_missing();
  return [...password].length < leastPassword ? m.auth_password_short() : undefined;
}

/** Phones capitalise the first letter; a login has none. */
export function asLogin(text: string): string {
  return text.trim().toLowerCase();
}
