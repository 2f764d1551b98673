import { parseArgs } from 'node:util';
import { commands, helpText } from './commands.ts';
import { openTools, readSettings } from './tools.ts';

/** A command that was written wrongly: the help is printed and the exit code is 2. */
class Misuse extends Error {}

function understand(words: string[]): () => Promise<string> {
  const command = commands.find((one) => one.words.every((word, index) => words[index] === word));
  if (!command) throw new Misuse(words.length === 0 ? 'Which command?' : `There is no command "${words.join(' ')}".`);
  const rest = words.slice(command.words.length);
  let parsed;
  try {
    parsed = parseArgs({ args: rest, options: command.options, allowPositionals: true });
  } catch (error) {
    throw new Misuse((error as Error).message);
  }
  const { positionals, values } = parsed;
  const missing = command.arguments[positionals.length];
  if (missing?.startsWith('<')) throw new Misuse(`${missing} is missing.`);
  if (positionals.length > command.arguments.length) throw new Misuse('That is one word too many.');
  return async () => {
    if ('runAlone' in command) return command.runAlone(readSettings(), positionals, values as never);
    const tools = await openTools();
    try {
      return await command.run(tools, positionals, values as never);
    } finally {
      await tools.close();
    }
  };
}

async function main(given: string[]): Promise<number> {
  const words = given[0] === '--' ? given.slice(1) : given;
  if (words.includes('--help') || words[0] === 'help') {
    console.log(helpText());
    return 0;
  }
  try {
    console.log(await understand(words)());
    return 0;
  } catch (error) {
    if (error instanceof Misuse) console.error(`${error.message}\n\n${helpText()}`);
    else console.error((error as Error).message);
    return error instanceof Misuse ? 2 : 1;
  }
}

process.exitCode = await main(process.argv.slice(2));
