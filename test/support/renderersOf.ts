import { processesNaming } from './processesNaming.ts';

/** The processes that draw recorded pages. The recorder page's own process is marked as an extension's. */
export async function renderersOf(workerPid: number): Promise<number[]> {
  const all = new Set(await processesNaming(`call-compositor-${workerPid}-`));
  const renderers = await processesNaming('--type=renderer');
  const extensions = new Set(await processesNaming('--extension-process'));
  return renderers.filter((pid) => all.has(pid) && !extensions.has(pid));
}
