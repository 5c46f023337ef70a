import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findBrowser } from '../../support/findBrowser.ts';
import type { Subject } from './subject.ts';

const DIST = fileURLToPath(new URL('../../../dist', import.meta.url));
/** This is longer than the measuring takes, because the recording is stopped by then. */
const SPARE_S = 120;

export const ours: Subject = oursAt(DIST);

/** Our recorder, as built in a folder. */
export function oursAt(dist: string): Subject {
  return {
    name: 'ours',
    label: 'call-compositor',
    missing: findBrowser() ? null : 'no Chromium or Chrome found',
    start: async ({ page, size, seconds, folder }) => {
      const job = {
        call: { id: 'bench' },
        recording: {
          quality: `${size.heightPx}p`,
          layout: { name: 'custom', external_app_url: page.url },
        },
        limits: { max_duration_s: seconds + SPARE_S },
      };
      const child = spawn(
        process.execPath,
        [join(resolve(dist), 'worker/main.js'), 'record', '-', '--out', folder, '--json'],
        {
          env: { ...process.env, COMPOSITOR_ALLOW_PRIVATE_URLS: '1' },
          stdio: ['pipe', 'pipe', 'ignore'],
        },
      );
      let output = '';
      child.stdout.on('data', (text) => {
        output += text;
      });
      const ended = once(child, 'close');
      await page.opened(() => child.stdin.end(JSON.stringify(job)));
      return {
        pid: Number(child.pid),
        stop: async () => {
          child.kill('SIGINT');
          await ended;
          return (JSON.parse(output.trim().split('\n').at(-1) ?? '{}') as { file: string }).file;
        },
      };
    },
  };
}
