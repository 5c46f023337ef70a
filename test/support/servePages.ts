import { fileURLToPath } from 'node:url';
import { serveFolder } from './serveFolder.ts';

/** Serves test/pages on loopback. */
export const servePages = () => serveFolder(fileURLToPath(new URL('../pages/', import.meta.url)));
