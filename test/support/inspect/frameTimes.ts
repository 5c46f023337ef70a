import { runTool } from './runTool.ts';

export type FrameTime = { atS: number; isKey: boolean };

/** When each frame of the picture is shown, in order, according to the container. */
export async function frameTimes(path: string): Promise<FrameTime[]> {
  const entries = 'packet=pts_time,flags';
  const args = ['-v', 'error', '-select_streams', 'v:0', '-show_entries', entries, '-of', 'json', path];
  const { stdout } = await runTool('ffprobe', args);
  const { packets } = JSON.parse(stdout.toString()) as { packets: { pts_time: string; flags: string }[] };
  return packets
    .map(({ pts_time, flags }) => ({ atS: Number(pts_time), isKey: flags.includes('K') }))
    .sort((a, b) => a.atS - b.atS);
}
