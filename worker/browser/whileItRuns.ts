import type { ChildProcess } from 'node:child_process';
import { channel } from 'node:diagnostics_channel';

/** Node tells on this channel of every process that it starts (documentation of diagnostics_channel). */
const STARTED_PROCESSES = channel('child_process');

/**
 * Starts a browser with `start`, and rejects at once where its process ends before that is done. puppeteer.launch
 * would wait for ever for the targets of a browser that died just after it had told of them, and it hands out the
 * process only when it is done. The process is recognised by its profile folder.
 */
export async function whileItRuns<T>(profileFolder: string, start: () => Promise<T>): Promise<T> {
  let stopWatching: () => void = () => {};
  const ended = new Promise<never>((_, reject) => {
    const watch = (message: unknown) => {
      const child = (message as { process: ChildProcess }).process;
      child.once('exit', (code, signal) => {
        const how = signal ?? `exit code ${code}`;
        if (child.spawnargs.some((argument) => argument.includes(profileFolder)))
          reject(new Error(`the browser ended while it started (${how})`));
      });
    };
    STARTED_PROCESSES.subscribe(watch);
    stopWatching = () => STARTED_PROCESSES.unsubscribe(watch);
  });
  ended.catch(() => {}); // it ends one day, long after it has started
  const starting = start();
  starting.catch(() => {});
  try {
    return await Promise.race([starting, ended]);
  } finally {
    stopWatching();
  }
}
