import { examine } from '../doctor/examine.ts';
import { Refusal, type Tools } from './tools.ts';

/** Findings in words, a line each; fails when one of them is a fault. */
export async function doctor(tools: Tools): Promise<string> {
  const lines: string[] = [];
  let faults = 0;
  for await (const { fault, sentence } of examine({ ...tools, data: tools.env.data })) {
    if (fault) faults++;
    lines.push(`${fault ? 'WRONG' : 'ok   '}  ${sentence}`);
  }
  if (faults > 0) throw new Refusal([...lines, `${faults} things are wrong.`].join('\n'));
  return [...lines, 'Nothing is wrong.'].join('\n');
}
