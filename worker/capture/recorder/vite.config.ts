import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { kernelPlugin } from '../composer/kernel/kernelPlugin.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Builds the extension with the recorder page. */
export default defineConfig({
  root: here('.'),
  base: './',
  plugins: [kernelPlugin(here('kernel'))],
  build: {
    outDir: here('../../../dist/recorder'),
    emptyOutDir: true,
    target: 'chrome120',
    chunkSizeWarningLimit: 2_000, // the AAC encoder is compiled in
    modulePreload: false,
    rolldownOptions: {
      input: here('recorder.html'),
      output: { entryFileNames: '[name].js', chunkFileNames: '[name].js' },
    },
  },
});
