import { pictureOf } from './pictures.ts';

const utf8 = new TextEncoder();

/**
 * An answer whose body is here already. A whole Response with its streams would be most of what an exchange costs. One that
 * was cut is no picture, for a browser counts the bytes.
 */
export function plainAnswer(
  status: number,
  text: string,
  headers: Record<string, string> = {},
  isWhole = true
): Response {
  const answer = {
    status,
    ok: status >= 200 && status < 300,
    headers: { get: (name: string) => headers[name.toLowerCase()] ?? null },
    text: async () => text,
    json: async () => JSON.parse(text) as unknown,
    blob: async () => {
      if (!isWhole) throw new TypeError('Failed to fetch');
      return pictureOf(text);
    },
    body: {
      cancel: async () => undefined,
      async *[Symbol.asyncIterator]() {
        yield utf8.encode(text);
      }
    }
  };
  return answer as unknown as Response;
}
