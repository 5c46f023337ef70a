import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { type FolderServer, serveFolder } from './serveFolder.ts';

const APPS = fileURLToPath(new URL('../apps/', import.meta.url));
const STREAM_SDK = fileURLToPath(
  new URL('../../.cache/peers/sdks/node_modules/@stream-io/video-react-sdk', import.meta.url),
);

/** Why the app `stream` cannot be built here, or null. */
export const streamSdkMissing = existsSync(STREAM_SDK)
  ? null
  : '@stream-io/video-react-sdk is not installed; STREAM_SDK=1 npm test installs it, under the licence of its own that it brings';

/** Builds a layout app of test/apps, as its authors would, and serves it on loopback until it is closed. */
export async function serveApp(name: 'react' | 'livekit' | 'stream'): Promise<FolderServer> {
  const folder = await mkdtemp(join(tmpdir(), `app-${name}-`));
  await build({
    root: join(APPS, name),
    base: './',
    configFile: false,
    logLevel: 'error',
    // That SDK is not among the packages of this project, but beside them; it must get the same React as the app.
    resolve: { alias: { '@stream-io/video-react-sdk': STREAM_SDK }, dedupe: ['react', 'react-dom'] },
    oxc: { jsx: { runtime: 'automatic' } },
    build: { outDir: folder, chunkSizeWarningLimit: 5_000 },
  });
  const server = await serveFolder(folder);
  const close = async () => {
    const closed = await server.close();
    await rm(folder, { recursive: true, force: true });
    return closed;
  };
  return { ...server, close };
}
