import type { Browser } from 'puppeteer';
import type { Cleanup } from '../cleanup.ts';
import { folderMiB } from './folderMiB.ts';
import { readUsage } from './readUsage.ts';

const READ_EVERY_MS = 500;
/** To walk through the profile takes longer: 300 files, usually. */
const WALK_EVERY_MS = 2_000;
/** So many readings make the average of the cores. */
const READINGS_PER_MINUTE = 60_000 / READ_EVERY_MS;

/** What the browser of a recording uses. */
export interface BrowserUsage {
  readonly memoryMiB: number;
  /** Averaged over the last minute; 0 in the first one. */
  readonly cores: number;
  /** What is in its profile: caches and databases of the page. */
  readonly diskMiB: number;
  /** What it has sent to this process in all. */
  readonly sentBytes: number;
}

/** Measures a browser until the cleanup. A disk that holds more than `mostDiskMiB` is not measured to its end. */
export function watchUsage(
  browser: Browser,
  mostDiskMiB: number,
  nowMs: () => number,
  cleanup: Cleanup,
): () => BrowserUsage {
  const child = browser.process();
  const profile = child?.spawnargs.find((argument) => argument.startsWith(PROFILE))?.slice(PROFILE.length);
  const readings: { readonly atMs: number; readonly cpuS: number }[] = [];
  let usage: BrowserUsage = { memoryMiB: 0, cores: 0, diskMiB: 0, sentBytes: 0 };
  let isOver = false;

  const count = (bytes: Buffer) => {
    usage = { ...usage, sentBytes: usage.sentBytes + bytes.length };
  };
  // Chromium sends what it has to say over the fifth of the pipes. See puppeteer's BrowserLauncher.
  child?.stdio[4]?.on('data', count);

  const read = () => {
    const { memoryMiB, cpuS } = readUsage(Number(child?.pid));
    readings.push({ atMs: nowMs(), cpuS });
    if (readings.length > READINGS_PER_MINUTE) readings.shift();
    usage = { ...usage, memoryMiB, cores: coresOf(readings) };
  };
  const walk = async () => {
    if (profile === undefined || isOver) return;
    usage = { ...usage, diskMiB: await folderMiB(profile, mostDiskMiB) };
    walking = setTimeout(walk, WALK_EVERY_MS);
  };
  const reading = setInterval(read, READ_EVERY_MS);
  let walking = setTimeout(walk, WALK_EVERY_MS);
  cleanup.defer('stop measuring the browser', () => {
    isOver = true;
    clearInterval(reading);
    clearTimeout(walking);
    child?.stdio[4]?.off('data', count);
  });
  return () => usage;
}

const PROFILE = '--user-data-dir=';

function coresOf(readings: readonly { readonly atMs: number; readonly cpuS: number }[]): number {
  const [first] = readings;
  const last = readings.at(-1);
  if (!first || !last || readings.length < READINGS_PER_MINUTE) return 0;
  return Math.max(0, last.cpuS - first.cpuS) / ((last.atMs - first.atMs) / 1000);
}
