import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Builds preload.js as one plain script that leaves no names of its own in the page. */
export default defineConfig({
  root: here('.'),
  build: {
    outDir: here('../../../dist/preload'),
    emptyOutDir: true,
    target: 'chrome120',
    lib: { entry: here('preload.ts'), formats: ['iife'], name: 'preload', fileName: () => 'preload.js' },
  },
});
