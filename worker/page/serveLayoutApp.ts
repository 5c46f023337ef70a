import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import sirv from 'sirv';

/** The built layout app, beside the compiled worker. */
export const BUILT_LAYOUT_APP = fileURLToPath(new URL('../../layout-app/', import.meta.url));

export interface LayoutAppServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves the built layout app on a free loopback port, for the tabs of this worker only. */
export async function serveLayoutApp(folder = BUILT_LAYOUT_APP): Promise<LayoutAppServer> {
  const files = sirv(folder, { etag: true });
  const server = createServer((request, response) => {
    closeFileWith(response);
    files(request, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Sirv leaves a file open whose reader goes away before its end, as a browser that is closed does. */
export function closeFileWith(response: ServerResponse): void {
  response.on('pipe', (file: Readable) => {
    response.once('close', () => file.destroy());
  });
}
