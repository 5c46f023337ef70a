import { existsSync } from 'node:fs';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import puppeteer from 'puppeteer';
import sirv from 'sirv';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createMovie } from '../../worker/movie/createMovie.ts';
import { replaceFront } from '../../worker/storage/replaceFront.ts';
import { median } from '../bench/statistics.ts';
import { findBrowser } from '../support/findBrowser.ts';
import { findProgram } from '../support/findProgram.ts';
import { makeClip, makeSegment } from '../support/makeSegment.ts';
import { optionsFor } from '../support/writeMovie.ts';

const HOURS = 2;
const DURATION_S = HOURS * 3600;
const SEEKS = 10;

const BROWSERS = {
  chrome: process.env.COMPOSITOR_CHROMIUM ?? findBrowser(),
  firefox: findProgram('firefox', 'firefox-esr'),
};

/** Seeks to places spread over the whole file, none near the one before, and measures each. */
async function seekEverywhere(seeks: number): Promise<{ durationS: number; seekMs: number[] }> {
  const video = document.querySelector('video') as HTMLVideoElement;
  const heard = (name: string) =>
    new Promise((resolve) => video.addEventListener(name, resolve, { once: true }));
  if (video.readyState < 1) await heard('loadedmetadata');
  const seekMs: number[] = [];
  for (let index = 0; index < seeks; index++) {
    const startedMs = performance.now();
    const isThere = heard('seeked');
    video.currentTime = ((index * 0.618 + 0.31) % 1) * video.duration;
    await isThere;
    seekMs.push(Math.round(performance.now() - startedMs));
  }
  return { durationS: video.duration, seekMs };
}

describe(`a recording of ${HOURS} hours`, () => {
  let folder: string;
  let server: ReturnType<typeof createServer>;
  let address: string;
  const requests: IncomingMessage[] = [];
  let indexBytes: number;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'test-long-'));
    const clip = await makeClip(join(folder, 'clip.mp4'), 'mp4', '480x270');
    const path = join(folder, 'long.mp4');
    const movie = createMovie(optionsFor(clip));
    const file = await open(path, 'w+');
    movie.beginSegment();
    await makeSegment(clip, { startS: 0, endS: DURATION_S }, async (bytes, position) => {
      for (const piece of movie.take(bytes, position)) await file.write(piece.bytes, 0, null, piece.position);
    });
    const ending = movie.ending();
    if (!ending) throw new Error('there is no ending');
    indexBytes = ending.build(null).front.byteLength;
    await (await replaceFront(file, path, movie.sizeBytes(), ending)).file.close();
    await writeFile(join(folder, 'play.html'), '<video src="long.mp4" preload="metadata" muted></video>');
    const serve = sirv(folder, { dev: true });
    server = createServer((request, response) => {
      requests.push(request);
      serve(request, response);
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/play.html`;
  }, 150_000);

  afterAll(async () => {
    server?.closeAllConnections();
    server?.close();
    await rm(folder, { recursive: true, force: true });
  });

  test.each(['chrome', 'firefox'] as const)('is sought in at once in %s, with few requests', {
    timeout: 60_000,
  }, async (name) => {
    const executablePath = BROWSERS[name];
    if (!executablePath || !existsSync(executablePath)) {
      console.warn(`SKIPPED: seeking in ${name} (it is not installed)`);
      return;
    }
    const args = name === 'chrome' && process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    const browser = await puppeteer.launch({ browser: name, executablePath, args });
    try {
      requests.length = 0;
      const page = await browser.newPage();
      await page.goto(address);
      const { durationS, seekMs } = await page.evaluate(seekEverywhere, SEEKS);
      const media = requests.filter(({ url }) => url === '/long.mp4');
      console.log(`${name}: seeks ${seekMs} ms, ${media.length} requests, an index of ${indexBytes} bytes`);
      expect(durationS).toBeCloseTo(DURATION_S, 0);
      expect(median(seekMs)).toBeLessThan(500); // a single one may have waited for a machine that others use, too
      expect(media.length).toBeLessThanOrEqual(30);
    } finally {
      await browser.close();
    }
  });
});
