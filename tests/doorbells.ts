import { afterEach } from 'vitest';
import { isOf, readDoorbell, type OpenDoorbell } from './read-doorbell.ts';

/** Opens doorbells that have rung for what every device is told on connecting; they are hung up after each test. */
export function createDoorbells(): (url: string, person: { cookie: string }) => Promise<OpenDoorbell> {
  const open: OpenDoorbell[] = [];
  afterEach(() => {
    for (const doorbell of open.splice(0)) doorbell.close();
  });
  return async (url, { cookie }) => {
    const doorbell = await readDoorbell(url, cookie);
    open.push(doorbell);
    await doorbell.next(isOf('me'));
    return doorbell;
  };
}
