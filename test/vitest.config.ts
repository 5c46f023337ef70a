import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const { TEST_RESULTS } = process.env;
const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Real programs share the machine with what they test, so they run one file at a time, with time to spare. */
const ONE_AT_A_TIME = { fileParallelism: false, testTimeout: 60_000, hookTimeout: 60_000 };

/**
 * Three projects; run one with `npx vitest run --config test/vitest.config.ts --project unit`:
 *  - unit: no browser; files run beside each other,
 *  - browser: the layout app and the studio in a real browser,
 *  - recording: the whole worker, from a job to a file.
 */
export default defineConfig({
  root: ROOT,
  test: {
    reporters: TEST_RESULTS ? ['default', ['json', { outputFile: TEST_RESULTS }]] : ['default'],
    projects: [
      { root: ROOT, test: { name: 'unit', include: ['test/unit/**/*.test.{ts,tsx}'], testTimeout: 20_000 } },
      { root: ROOT, test: { name: 'browser', include: ['test/browser/**/*.test.ts'], ...ONE_AT_A_TIME } },
      { root: ROOT, test: { name: 'recording', include: ['test/recording/**/*.test.ts'], ...ONE_AT_A_TIME } },
    ],
  },
});
