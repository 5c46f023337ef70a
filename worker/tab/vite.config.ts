import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Builds the extension: its recorder page, and preload.js as one plain script. */
export default defineConfig({
  root: here('.'),
  base: './',
  build: {
    outDir: here('../../dist/tab'),
    emptyOutDir: true,
    target: 'chrome120',
    chunkSizeWarningLimit: 2_000, // the AAC encoder is compiled in
    modulePreload: false,
    rollupOptions: {
      input: {
        recorder: here('recorder.html'),
        preload: here('page/preload.ts'),
      },
      output: { entryFileNames: '[name].js', chunkFileNames: '[name].js' },
    },
  },
});
