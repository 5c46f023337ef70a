import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { SecondTryReporter } from './secondTryReporter.ts';

const { TEST_RESULTS } = process.env;
const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Whoever starts the tests, and however: what they test is what the sources say now. */
const BUILT = { globalSetup: ['test/support/buildOnce.mjs'] };

/** Real programs share the machine with what they test, so they have time to spare. */
const PATIENT = { testTimeout: 180_000, hookTimeout: 120_000 };

/**
 * What a recorder promises in real time can be broken by a machine that stands still for a moment, which shared ones do.
 * A test that fails is tried once more, and is listed at the end if it passes then.
 */
const REAL = { ...BUILT, ...PATIENT, retry: 1 };

/** Recordings that mostly wait, for people, for a server or for a limit, and in which nothing is counted or timed closely. */
const TOGETHER = [
  'admission',
  'badJobs',
  'breakin',
  'client',
  'composed',
  'console',
  'customApps',
  'deadOrAlive',
  'demo',
  'externalApps',
  'hostilePages',
  'layoutChanges',
  'leaks',
  'loadedAnew',
  'orphans',
  'outputs',
  'package',
  'pauseMemory',
  'peers',
  'recordingApi',
  'redisAway',
  'sandbox',
  'secrets',
  'stops',
  'storage',
  'streamSdkApp',
  'takeover',
  'tenants',
  'themes',
  'transcripts',
  'warmBrowsers',
  'webhooks',
].map((name) => `test/recording/${name}.test.ts`);

/**
 * Four projects; `npm run test:unit`, `test:browser` and `test:recording` run what they name:
 *  - unit: no browser, and nothing built. Many of them wait, so they run beside those of the next project,
 *  - browser: the layout app, the studio and the browser pool in a real browser; with unit, three files at a time,
 *  - recording: the whole worker, from a job to a file; one file at a time, since a file may take the whole machine.
 *    Tests in it that do not look at timing are concurrent: the worker takes as many jobs as the machine carries,
 *  - recording-together: the same, for files that can stand another one beside them; two files at a time.
 */
export default defineConfig({
  root: ROOT,
  test: {
    reporters: [
      'default',
      new SecondTryReporter(),
      ...(TEST_RESULTS ? [['json', { outputFile: TEST_RESULTS }] satisfies [string, object]] : []),
    ],
    projects: [
      {
        root: ROOT,
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.{ts,tsx}'],
          retry: 1, // as for those with a real browser, since many of them have real servers
          testTimeout: 20_000,
          hookTimeout: 60_000, // real servers start in it, beside other tests
          maxWorkers: 3,
          sequence: { groupOrder: 0 },
        },
      },
      {
        root: ROOT,
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          ...REAL,
          maxWorkers: 3,
          sequence: { groupOrder: 0 },
        },
      },
      {
        root: ROOT,
        test: {
          name: 'recording',
          include: ['test/recording/**/*.test.ts'],
          exclude: TOGETHER,
          ...REAL,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
      {
        root: ROOT,
        test: {
          name: 'recording-together',
          include: TOGETHER,
          ...REAL,
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
