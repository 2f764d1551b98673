import { drawText } from '../draw.ts';
import { Refusal, type Tools } from './tools.ts';

/** A line an account, the oldest first. */
export async function accountList({ accounts }: Tools): Promise<string> {
  const all = (await accounts.all()).sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1));
  if (all.length === 0) return 'There is no account yet. Start the hub and open the set-up link that it prints.';
  return all.map(({ login, name, id, createdAt }) => [login, name, id, createdAt].join('\t')).join('\n');
}

/** A new password, which exists only in this answer. A hub that is running forgets the old sessions within 30 seconds. */
export async function resetPassword({ accounts, sessions, random }: Tools, [login = '']: string[]): Promise<string> {
  const account = await accounts.byLogin(login);
  if (!account) throw new Refusal(`Nobody has the login ${login}. "account list" shows them all.`);
  const password = drawText(random, 16).match(/.{4}/g)!.join('-');
  await accounts.setPassword(account.id, password);
  await sessions.endAll(account.id);
  return `New password of ${account.name} (${login}): ${password}\nIt is shown this once. Change it on the page "Me" after signing in.`;
}
