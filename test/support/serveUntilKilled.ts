import { serve } from '../../worker/cli/serve.ts';

/** A server of the recording API as a process of its own, which nothing need be built for: `config` is its file. */
export async function main([, , config]: string[]): Promise<void> {
  // Whoever asks hears how much memory is in use, apart from what the garbage collector has not taken back yet.
  process.on('message', () => {
    globalThis.gc?.();
    process.send?.(process.memoryUsage());
  });
  await serve({ config: String(config) });
}
