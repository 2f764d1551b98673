import { loginForm, passwordLength } from '#domain/account.ts';
import { m } from '#messages';

export type AccountFields = { name: string; login: string; password: string };

/** What is wrong before the hub needs to be asked. */
export function accountFaults({ name, login, password }: AccountFields) {
  const loginWrong = loginForm.test(asLogin(login)) ? undefined : m.auth_login_wrong();
  return { name: missing(name), login: missing(login) ?? loginWrong, password: passwordFault(password) };
}

export function passwordFault(password: string): string | undefined {
  if (!password) return m.auth_missing();
  return password.length < passwordLength.least ? m.auth_password_short() : undefined;
}

export function missing(text: string): string | undefined {
  return text.trim() ? undefined : m.auth_missing();
}

/** Phones capitalise the first letter; a login has none. */
export function asLogin(text: string): string {
  return text.trim().toLowerCase();
}
