import { constants } from 'node:os';

/** SIGHUP comes where a terminal is closed. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Calls `ask` at the first and the second signal that asks this process to end, and ends the process at the third one.
 * Returns what gives the signals back their usual meaning.
 */
export function heedSignals(ask: () => void): () => void {
  let signals = 0;
  const heed = (signal: NodeJS.Signals) => {
    signals += 1;
    if (signals > 2) process.exit(128 + constants.signals[signal]);
    if (signals === 2)
      console.error('\nthe recording is ending and is stored; a third signal ends this process at once');
    ask();
  };
  // Nobody reads what is written to a terminal that was closed, and that must not end the recording.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  for (const signal of SIGNALS) process.on(signal, heed);
  return () => {
    for (const signal of SIGNALS) process.off(signal, heed);
  };
}
