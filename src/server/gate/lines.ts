/*
 * `_changes` and `_all_docs` come as a head that ends with `[`, one row a line, and a tail that begins with `]`, from CouchDB and
 * from the embedded store alike. Read line by line, an answer of any length passes without being held, and a row can be left out.
 */

/** The answer again, without the rows that are no member's business. Empty lines are heartbeats and go out at once. */
export async function* ownRows(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const utf8 = new TextDecoder();
  let part: 'head' | 'rows' | 'tail' = 'head';
  let rest = '';
  let sent = 0;

  const pass = (line: string): string => {
    if (part === 'head') {
      if (line.endsWith('[')) part = 'rows';
      return `${line}\n`;
    }
    if (part === 'rows' && line.startsWith(']')) part = 'tail';
    if (part === 'tail') return `\n${line}`;
    const row = line.startsWith(',') ? line.slice(1) : line.endsWith(',') ? line.slice(0, -1) : line;
    if (row === '') return '\n';
    if (isForeignRow(row)) return '';
    sent += 1;
    return sent > 1 ? `,\n${row}` : row;
  };

  for await (const chunk of body) {
    const lines = (rest + utf8.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    const text = lines.map((line) => pass(line.trim())).join('');
    if (text) yield text;
  }
  if (rest) yield pass(rest.trim());
  yield '\n';
}

/** Parsed only when a cheap look finds the name: a member's own words may hold it too. */
function isForeignRow(row: string): boolean {
  if (!row.includes('"_design/') && !row.includes('"_local/')) return false;
  const { id = '', key = '' } = JSON.parse(row) as { id?: string; key?: string };
  return /^_(design|local)\//.test(id) || /^_(design|local)\//.test(key);
}
