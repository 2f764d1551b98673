import { drafts } from '#data/drafts.ts';

/** Text that is kept on every keystroke under a key, and is there again on the next visit; empty text keeps nothing. */
export class KeptText {
  #key: string;
  #text = $state('');

  constructor(key: string) {
    this.#key = key;
    void drafts.get<string>(key).then((kept) => (this.#text ||= kept ?? ''));
  }

  get text() {
    return this.#text;
  }

  set text(text: string) {
    this.#text = text;
    void (text ? drafts.set(this.#key, text) : drafts.remove(this.#key));
  }
}
