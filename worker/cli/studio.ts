import { serveStudio } from '../studio/serveStudio.ts';

/** `studio`: serves the studio until SIGTERM or SIGINT. */
export async function studio({ css, port }: { css?: string; port: string }): Promise<number> {
  const server = await serveStudio({ port: Number(port), ...(css === undefined ? {} : { css }) });
  console.log(server.url);
  await new Promise((resolve) => process.once('SIGTERM', resolve).once('SIGINT', resolve));
  await server.close();
  return 0;
}
