/** Everything of one account on this device is named by it, so that a second person's never meets it. */
const prefixOf = (account: string) => `jujube:${account}:`;

export const readModelName = (account: string) => `${prefixOf(account)}read`;
export const deviceStoreName = (account: string) => `${prefixOf(account)}device`;
export const logName = (account: string, circle: string) => `${prefixOf(account)}log:${circle}`;
export const tabsName = (account: string) => `${prefixOf(account)}tabs`;

/** Whether a database is some account's device store. */
export const isDeviceStore = (database: string) => /^jujube:[^:]+:device$/.test(database);

/** Where a page reads who is signed in before anything is drawn. */
export const meInPage = 'jujube:me';

/** Where a device store keeps who it is of, as `/api/me` told it last. */
export const meSetting = 'me';

/** Whether a database of this browser is the account's; PouchDB puts a word of its own in front. */
export function isOfAccount(database: string, account: string): boolean {
  return database.replace(/^_pouch_/, '').startsWith(prefixOf(account));
}
