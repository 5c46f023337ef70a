import { serve } from '../../worker/cli/serve.ts';

/** A server of the recording API as a process of its own, which nothing need be built for: `config` is its file. */
export async function main([, , config]: string[]): Promise<void> {
  await serve({ config: String(config) });
}
