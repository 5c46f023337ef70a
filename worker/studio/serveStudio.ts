import { EventEmitter } from 'node:events';
import { watch } from 'node:fs';
import { access, readFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, dirname, resolve } from 'node:path';
import sirv from 'sirv';
import { BUILT_LAYOUT_APP, closeFileWith } from '../page/serveLayoutApp.ts';

export interface StudioServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Editors write a file in several steps. It is read this long after the last change, when they are done. */
const SETTLED_MS = 100;

/**
 * Serves the built layout app with its studio on loopback. If a `css` file is given, it is served as the
 * theme, and the page is told of each change (server-sent events). Throws if the file cannot be read.
 */
export async function serveStudio({ port = 0, css }: { port?: number; css?: string }): Promise<StudioServer> {
  const themePath = css === undefined ? null : resolve(css);
  if (themePath) await access(themePath);
  const changes = new EventEmitter().setMaxListeners(0);
  const watcher = themePath === null ? null : watchFile(themePath, () => changes.emit('change'));
  const files = sirv(BUILT_LAYOUT_APP, { etag: true });
  const server = createServer((request, response) => {
    if (request.url === '/studio/theme.css') return void sendTheme(themePath, response);
    if (themePath && request.url === '/studio/theme-changes') return tellChanges(changes, response);
    closeFileWith(response);
    files(request, response, () => void response.writeHead(404).end());
  });
  await new Promise<void>((done, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', done);
  });
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${taken}/studio/`,
    close: async () => {
      watcher?.close();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

/** Watches the file's folder. Watching the file itself would end when an editor replaces it. */
function watchFile(path: string, onChange: () => void) {
  let timer: NodeJS.Timeout | undefined;
  return watch(dirname(path), (_event, name) => {
    if (name !== basename(path)) return;
    clearTimeout(timer);
    timer = setTimeout(onChange, SETTLED_MS);
  });
}

async function sendTheme(path: string | null, response: ServerResponse): Promise<void> {
  if (path === null) return void response.writeHead(204).end();
  try {
    const text = await readFile(path);
    response
      .writeHead(200, { 'content-type': 'text/css', 'x-theme-file': encodeURI(basename(path)) })
      .end(text);
  } catch {
    response.writeHead(404).end();
  }
}

function tellChanges(changes: EventEmitter, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' }).write('\n');
  const tell = () => response.write('data: changed\n\n');
  changes.on('change', tell);
  response.on('close', () => changes.off('change', tell));
}
