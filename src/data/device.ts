/** Opens this person's copy on this device. */
export async function openDevice(account: string): Promise<void> {
  void account;
}
export async function closeDevice(): Promise<void> {}
/** Deletes every database of that account on this device. */
export async function deleteDevice(account: string): Promise<void> {
  void account;
}
