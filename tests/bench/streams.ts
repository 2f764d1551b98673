import { request } from 'node:http';

/** A device as the hub sees it: one open doorbell. */
export type Stream = { close(): void };

/** Opens a doorbell as a device does; `rang` hears of every circle that it rings, with the sequence that it tells. */
export function openDoorbell(
  url: string,
  cookie: string,
  rang: (circle: string, seq: string | null) => void
): Promise<Stream> {
  return new Promise((resolve, reject) => {
    const sent = request(`${url}/api/doorbell`, { headers: { cookie, accept: 'text/event-stream' }, agent: false });
    sent.on('error', reject);
    sent.on('response', (answer) => {
      if (answer.statusCode !== 200) return reject(new Error(`The doorbell answered ${answer.statusCode}`));
      let text = '';
      answer.setEncoding('utf8');
      answer.on('error', () => undefined); // closed by us
      answer.on('data', (chunk: string) => {
        text += chunk;
        for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
          const data = /^data: (.*)$/m.exec(text.slice(0, end))?.[1];
          text = text.slice(end + 2);
          if (!data) continue;
          const { circle, seq } = JSON.parse(data) as { circle?: string; seq?: string | null };
          if (circle) rang(circle, seq ?? null);
        }
      });
      resolve({ close: () => sent.destroy() });
    });
    sent.end();
  });
}
