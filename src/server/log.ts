import { pino, type Logger } from 'pino';

/**
 * Structured lines on standard error, apart from what is printed for people. Callers give neither contents nor secrets; should a
 * field of such a name slip in, its value is left out.
 */
export function createLog(): Logger {
  const secrets = ['password', 'token', 'code', 'cookie', 'authorization', 'url', 'secret'];
  return pino(
    { base: null, timestamp: pino.stdTimeFunctions.isoTime, redact: secrets.flatMap((name) => [name, `*.${name}`]) },
    pino.destination({ dest: 2, sync: true })
  );
}
