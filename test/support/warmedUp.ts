import { eventually } from './eventually.ts';
import { processesNaming } from './processesNaming.ts';
import type { Compositor } from './startCompositor.ts';

/** Resolves once the worker has a browser with its recorder page ready. */
export function warmedUp({ pid }: Pick<Compositor, 'pid'>, withinMs = 10_000): Promise<unknown> {
  const hasRecorderPage = async () => {
    const recorders = await processesNaming('--extension-process');
    return (await processesNaming(`call-compositor-${pid}-`)).some((id) => recorders.includes(id));
  };
  return eventually('a browser with its recorder page is warm', hasRecorderPage, { withinMs });
}
