import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Builds preload.js and, in the mode `gate`, gate.js: each a plain script that leaves no names of its own in the page. */
export default defineConfig(({ mode }) => ({
  root: here('.'),
  build: {
    outDir: here('../../../dist/preload'),
    emptyOutDir: mode !== 'gate',
    target: 'chrome120',
    lib: {
      entry: here(mode === 'gate' ? 'gate.ts' : 'preload.ts'),
      formats: ['iife'],
      name: 'preload',
      fileName: () => (mode === 'gate' ? 'gate.js' : 'preload.js'),
    },
  },
}));
