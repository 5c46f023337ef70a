import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RecordingResult } from '../../../shared/events/recordingEvents.ts';
import { eventually } from '../../support/eventually.ts';
import { findBrowser } from '../../support/findBrowser.ts';
import { familyOf } from '../processTree.ts';
import type { Recorded } from '../recorded.ts';
import type { Size } from '../size.ts';
import type { Subject } from './subject.ts';

const DIST = fileURLToPath(new URL('../../../dist', import.meta.url));
/** This is longer than any measuring takes, because the recording is stopped by then. */
const MOST_S = 600;

export const ours: Subject = oursAt(DIST);

/** The job with which our worker records something. */
export function jobFor({ job }: Recorded, size: Size, videos: 'decoded' | 'drawn' = 'decoded') {
  const { layout, ...where } = job;
  return {
    ...where,
    recording: { quality: `${size.heightPx}p`, videos, layout },
    limits: { max_duration_s: MOST_S },
  };
}

/** Our recorder, as built in a folder, with the videos decoded or drawn by the browser. */
export function oursAt(dist: string, videos?: 'decoded' | 'drawn'): Subject {
  return {
    name: 'ours',
    label: 'call-compositor',
    missing: findBrowser() ? null : 'no Chromium or Chrome found',
    start: async ({ recorded, size, folder }) => {
      const main = join(resolve(dist), 'worker/main.js');
      const child = spawn(process.execPath, [main, 'record', '-', '--out', folder, '--json'], {
        env: { ...process.env, COMPOSITOR_ALLOW_PRIVATE_URLS: '1' },
        stdio: ['pipe', 'pipe', 'pipe'],
      });
      let output = '';
      let progress = '';
      child.stdout.on('data', (text) => {
        output += text;
      });
      child.stderr.on('data', (text) => {
        progress += text;
      });
      const ended = once(child, 'close');
      child.stdin.end(JSON.stringify(jobFor(recorded, size, videos)));
      await eventually('it records', () => /\d+ frames/.test(progress), { withinMs: 60_000 });
      return {
        processes: () => familyOf(Number(child.pid)),
        stop: async () => {
          child.kill('SIGINT');
          const [code] = await ended;
          if (code !== 0) throw new Error(`a recording ended with ${code}: ${progress}`);
          const result: RecordingResult = JSON.parse(output.trim().split('\n').at(-1) ?? '{}');
          const { duration_s, decoded_s, dropped_frames } = result;
          console.log(`  ${duration_s} s, ${decoded_s} s of them decoded, ${dropped_frames} dropped`);
          return result.file;
        },
      };
    },
  };
}
