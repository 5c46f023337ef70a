import { startCompositor } from '../support/startCompositor.ts';
import { compareWithX264, drawKnownFrames, findRun, type Ssim } from './knownFrames.ts';
import { serveBenchPage } from './serveBenchPage.ts';

export type { Ssim };

/** Records known frames that a page draws, and compares the recording with x264 at the same bitrate. */
export async function measureSsim(folder: string): Promise<Ssim> {
  const page = await serveBenchPage();
  const url = new URL('frames.html', page.url).href;
  try {
    const recording = await record(url, folder);
    const run = await findRun(recording);
    const known = await drawKnownFrames(url, run.numbers, folder);
    return await compareWithX264(recording, run, known, folder);
  } finally {
    await page.close();
  }
}

async function record(url: string, folder: string): Promise<string> {
  const compositor = await startCompositor({ COMPOSITOR_RECORDINGS_DIR: folder });
  try {
    const result = await compositor.record({
      call: { id: 'frames' },
      recording: { layout: { external_app_url: url }, encoding: { video_bitrate_kbps: 3000 } },
      limits: { max_duration_s: 8 },
    });
    return String(result.file);
  } finally {
    await compositor.close();
  }
}
