import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** Everything here starts real programs, so one file at a time, with time to spare for a busy machine. */
export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ['default'],
  },
});
