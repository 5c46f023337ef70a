import pino, { type Logger } from 'pino';

export type { Logger } from 'pino';

/** Fields that may hold a secret, at every place where a job is logged. */
const SECRETS = ['token', 'apiKey', 'apiSecret', 'secretAccessKey', 'sessionToken', 'secret'].flatMap(
  (key) => [key, `*.${key}`, `*.*.${key}`],
);

/** Writes JSON lines to stderr, so that stdout stays free for results. Secrets are replaced. */
export function createLog(level: string): Logger {
  // A terminal that was closed takes no lines, and that must not end a recording.
  const stderr = pino.destination(2).on('error', () => {});
  return pino({ level, redact: { paths: SECRETS, censor: '[redacted]' }, base: null }, stderr);
}
