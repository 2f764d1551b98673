/*
 * `_changes` and `_all_docs` come as a head that ends with `[`, one row a line, and a tail that begins with `]`, from CouchDB and
 * from the embedded store alike. Read line by line, an answer of any length passes without being held, and a row can be left out.
 */

/** Rows asked for beyond a page: as many rows of the database's own as one may hold, so that leaving them out leaves it full. */
const spareRows = 4;

/** The query for a page out of which rows may be left; every row then says its sequence, since any may become the last. */
export function withSpare({ limit, seq_interval, ...rest }: Record<string, string>): Record<string, string> {
  if (limit === undefined) return seq_interval === undefined ? rest : { ...rest, seq_interval };
  return { ...rest, limit: Number(limit) === 0 ? limit : String(Number(limit) + spareRows) };
}

/**
 * The answer again, without the rows that are no member's business. Empty lines are heartbeats and go out at once. A page of `limit` rows is
 * full as long as there are more, since a short one tells devices that they have seen all.
 */
export async function* ownRows(body: AsyncIterable<Uint8Array>, limit = Infinity): AsyncGenerator<string> {
  const utf8 = new TextDecoder();
  let part: 'head' | 'rows' | 'tail' = 'head';
  let rest = '';
  let sent = 0;
  let cut = 0;
  let lastRow = '';

  const pass = (line: string): string => {
    if (part === 'head') {
      if (line.endsWith('[')) part = 'rows';
      return `${line}\n`;
    }
    if (part === 'rows' && line.startsWith(']')) part = 'tail';
    if (part === 'tail') return `\n${cut > 0 ? endingAt(lastRow, cut, line) : line}`;
    const row = line.startsWith(',') ? line.slice(1) : line.endsWith(',') ? line.slice(0, -1) : line;
    if (row === '') return '\n';
    if (isForeignRow(row)) return '';
    if (sent >= limit) {
      cut += 1;
      return '';
    }
    sent += 1;
    lastRow = row;
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

/** The end of `_changes`, told as of the last row that went out; `_all_docs` ends without a place. */
function endingAt(row: string, cut: number, line: string): string {
  if (!line.includes('"last_seq":')) return line;
  const { seq } = JSON.parse(row) as { seq: unknown };
  return line
    .replace(/"last_seq":(?:"[^"]*"|\d+)/, () => `"last_seq":${JSON.stringify(seq)}`)
    .replace(/"pending":(\d+)/, (_, pending: string) => `"pending":${Number(pending) + cut}`);
}

/** Parsed only when a cheap look finds the name: a member's own words may hold it too. */
function isForeignRow(row: string): boolean {
  if (!row.includes('"_design/') && !row.includes('"_local/')) return false;
  const { id = '', key = '' } = JSON.parse(row) as { id?: string; key?: string };
  return /^_(design|local)\//.test(id) || /^_(design|local)\//.test(key);
}
