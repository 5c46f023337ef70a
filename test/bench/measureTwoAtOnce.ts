import { startCompositor } from '../support/startCompositor.ts';
import { analyzeRecording } from './analyzeRecording.ts';
import type { BenchPage } from './serveBenchPage.ts';

const SECONDS = 12;

/** Records two 720p pages with one worker at the same time, and measures how much of each is covered. */
export async function measureTwoAtOnce(page: BenchPage) {
  const compositor = await startCompositor({ COMPOSITOR_CONCURRENCY: '2' });
  try {
    const results = await Promise.all(
      ['one', 'two'].map((id) =>
        compositor.record({
          call: { id },
          recording: { layout: { external_app_url: page.url } },
          limits: { max_duration_s: SECONDS },
        }),
      ),
    );
    const analyses = await Promise.all(results.map(({ file }) => analyzeRecording(String(file))));
    return {
      covered: analyses.map(({ covered }) => covered),
      droppedFrames: results.map(({ dropped_frames }) => dropped_frames),
    };
  } finally {
    await compositor.close();
  }
}
