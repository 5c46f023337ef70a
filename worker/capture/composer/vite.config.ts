import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';
import { compileKernel } from './kernel/compileKernel.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The compiled kernel as a module: its bytes in base64. */
function kernel(): Plugin {
  return {
    name: 'kernel',
    resolveId: (id) => (id === 'virtual:kernel' ? '\0kernel' : null),
    load: async (id) =>
      id === '\0kernel'
        ? `export default ${JSON.stringify(Buffer.from(await compileKernel()).toString('base64'))}`
        : null,
  };
}

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
