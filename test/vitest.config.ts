import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const { TEST_RESULTS } = process.env;

/** Most tests start real programs, so one file at a time, with time to spare for a busy machine. */
export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: TEST_RESULTS ? ['default', ['json', { outputFile: TEST_RESULTS }]] : ['default'],
  },
});
