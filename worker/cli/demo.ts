import { mkdir } from 'node:fs/promises';
import { readWorkerConfig } from '../workerConfig.ts';
import { printProgress } from './printProgress.ts';
import { runRecording } from './runRecording.ts';
import { saveFrame } from './saveFrame.ts';

const DEMO_DURATION_S = 20;

/** A job like any other, with five people who join, speak, mute, share a screen and leave. */
const DEMO_JOB = {
  call: { type: 'default', id: 'demo' },
  source: { kind: 'demo', participants: 5, duration_s: DEMO_DURATION_S },
  recording: {
    quality: '720p',
    layout: { name: 'spotlight' },
  },
};

/** `demo`: records a demo call, and prints the paths of the recording and of a picture from its middle. */
export async function demo(): Promise<number> {
  const config = readWorkerConfig(process.env);
  await mkdir(config.recordingsDir, { recursive: true });
  const quiet = process.env.COMPOSITOR_LOG ? {} : { logLevel: 'warn' };
  const result = await runRecording(DEMO_JOB, { ...config, ...quiet }, printProgress());
  if (result.file === null || result.error) {
    console.error(
      result.error
        ? `${result.error.code}: ${result.error.message}`
        : `nothing was recorded (${result.end_reason})`,
    );
    return 1;
  }
  console.error(
    `${result.frames} frames, ${result.dropped_frames} dropped, ${result.duration_s} s, ended: ${result.end_reason}`,
  );
  const picture = await saveFrame(result.file, result.duration_s / 2, config.chromium);
  console.log(result.file);
  console.log(picture);
  return 0;
}
