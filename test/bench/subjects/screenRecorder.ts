import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { findProgram } from '../../support/findProgram.ts';
import { familyOf } from '../processTree.ts';
import type { Size } from '../size.ts';
import { openBrowserPage } from './browserPage.ts';
import { displayMissing, openDisplay } from './display.ts';
import type { Subject } from './subject.ts';

/**
 * A pipeline that records a virtual screen with a program: its command line, and how the program is told to
 * end.
 */
export interface ScreenRecorder {
  readonly name: string;
  readonly label: string;
  readonly program: string;
  readonly install: string;
  args(given: { size: Size; display: string; file: string }): string[];
  readonly end: { readonly input: string } | { readonly signal: NodeJS.Signals };
}

export function screenSubject(recorder: ScreenRecorder): Subject {
  const { program, install, end } = recorder;
  return {
    name: recorder.name,
    label: recorder.label,
    missing: displayMissing ?? (findProgram(program) ? null : `${program} is missing (${install})`),
    start: async ({ recorded, size, folder }) => {
      const display = await openDisplay(size);
      const browser = await openBrowserPage(recorded, size, display.env);
      const file = join(folder, `${recorder.name}.mp4`);
      const child = spawn(program, recorder.args({ size, display: display.name, file }), {
        env: display.env,
        stdio: ['pipe', 'ignore', 'inherit'],
      });
      const ended = once(child, 'close');
      return {
        processes: () => [...display.pids, browser.process()?.pid, child.pid].map(Number).flatMap(familyOf),
        stop: async () => {
          if ('input' in end) child.stdin.write(end.input);
          else child.kill(end.signal);
          await ended;
          await browser.close();
          await display.close();
          return file;
        },
      };
    },
  };
}
