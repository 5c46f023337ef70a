import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Relative addresses (`base`), so that the built page works from whatever folder or port serves it. */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [react()],
  server: { host: '127.0.0.1' },
  build: {
    outDir: '../dist/layout-app',
    emptyOutDir: true,
    target: 'es2023',
    chunkSizeWarningLimit: 1500,
    rolldownOptions: {
      input: ['index.html', 'studio/index.html', 'console.html'].map((page) =>
        join(import.meta.dirname, page),
      ),
    },
  },
});
