import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { kernelPlugin } from './kernel/kernelPlugin.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const kernel = () => kernelPlugin(here('kernel'));

/** Builds composer.js: a plain script that is put into recorded pages, with its thread and the kernel in it. */
export default defineConfig({
  root: here('.'),
  plugins: [kernel()],
  worker: { plugins: () => [kernel()] },
  build: {
    outDir: here('../../../dist/composer'),
    emptyOutDir: true,
    target: 'chrome120',
    lib: {
      entry: here('page/composer.ts'),
      formats: ['iife'],
      name: 'composer',
      fileName: () => 'composer.js',
    },
  },
});
