import { readdir, readFile } from 'node:fs/promises';

/** The ids of all living processes whose command line contains `text`. Linux only. */
export async function processesNaming(text: string): Promise<number[]> {
  const pids = (await readdir('/proc')).map(Number).filter((pid) => pid > 0 && pid !== process.pid);
  const commandLines = await Promise.all(
    // A process may end between the listing and the reading.
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  );
  return pids.filter((_, index) => commandLines[index]?.includes(text));
}
