let over = $state(false);

// The first rows' pictures go before the app's own later screens.
const picturesFirstMs = 600;

/** Until the shelf shows its first rows nothing else asks for the line: a fresh phone waits for those alone. */
export const firstLook = {
  get over() {
    return over;
  },
  end() {
    setTimeout(() => (over = true), picturesFirstMs);
  }
};
