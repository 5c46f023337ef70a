import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { runTool } from '../support/inspect/runTool.ts';

const COUNT = 4;

/** Makes four moving clips of 640x360 at 30 frames a second, once, in VP8 as a call server sends it. */
export async function makeClips(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (let index = 1; index <= COUNT; index++) {
    const path = join(folder, `v${index}.webm`);
    if ((await stat(path).catch(() => null))?.size) continue;
    const source = `mandelbrot=size=640x360:rate=30:start_scale=${index}.5`;
    const encoder = ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-b:v', '700k'];
    await runTool('ffmpeg', ['-v', 'error', '-y', '-f', 'lavfi', '-i', source, '-t', '30', ...encoder, path]);
  }
}
