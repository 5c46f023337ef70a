import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { launchBrowser } from '../../worker/browser/launchBrowser.ts';
import { browserEnvironment } from '../../worker/browserEnvironment.ts';
import { RECORDER_EXTENSION } from '../../worker/capture/extension.ts';
import { createCleanup } from '../../worker/cleanup.ts';
import { createLog } from '../../worker/log.ts';
import { processesNaming } from '../support/processesNaming.ts';

const STARTS = Number(process.env.STARTS ?? 20);
/** A browser takes some 400 ms to start; on a busy machine twice as much. In milliseconds. */
const LONGEST_START_MS = 800;
const settings = {
  chromium: process.env.COMPOSITOR_CHROMIUM ?? null,
  allowPrivateUrls: true,
  browserEnvironment: browserEnvironment(process.env),
  webRtc: 'any' as const,
  proxyUrl: 'http://127.0.0.1:9', // nothing is loaded
  extension: {
    folder: fileURLToPath(new URL('../../dist/recorder', import.meta.url)),
    id: RECORDER_EXTENSION.id,
  },
};

/** What nobody caught: in a worker without handlers, any of it would end the process. */
let uncaught: unknown[];
const note = (error: unknown) => void uncaught.push(error);

beforeEach(() => {
  uncaught = [];
  process.on('unhandledRejection', note).on('uncaughtException', note);
});
afterEach(() => {
  process.off('unhandledRejection', note).off('uncaughtException', note);
});

/** Starts a browser, and kills it after so many milliseconds; resolves to the code of the failure, or null. */
async function startAndKill(afterMs: number): Promise<string | null> {
  const cleanup = createCleanup(createLog('silent'));
  const starting = launchBrowser(settings, cleanup).then(
    () => null,
    (error) => error.code as string,
  );
  await wait(afterMs);
  for (const pid of await browsers()) kill(pid);
  const outcome = await starting;
  await cleanup.run();
  return outcome;
}

const browsers = () => processesNaming(`call-compositor-${process.pid}-`);

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It is gone already.
  }
}

test(`${STARTS} browsers that are killed while they start fail with browser_failed, and nothing is left uncaught`, {
  timeout: STARTS * 6_000,
}, async () => {
  const outcomes: (string | null)[] = [];
  for (let n = 0; n < STARTS; n++)
    outcomes.push(await startAndKill(((n + Math.random()) / STARTS) * LONGEST_START_MS));
  expect(uncaught).toEqual([]);
  expect(new Set(outcomes)).toContain('browser_failed');
  expect(outcomes.filter((code) => code !== null && code !== 'browser_failed')).toEqual([]);
  expect(await browsers()).toEqual([]);
});
