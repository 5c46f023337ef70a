import { runTool } from './runTool.ts';

/** Structural similarity of the frames that two files show from this second on, for a moment: 1 where they are equal. */
export async function ssimAt(atS: number, one: string, other: string): Promise<number> {
  const inputs = [one, other].flatMap((file) => ['-ss', String(atS), '-i', file]);
  const comparing = ['-an', '-t', '0.4', '-lavfi', 'ssim', '-f', 'null', '-'];
  const { stderr } = await runTool('ffmpeg', [...inputs, ...comparing]);
  const [, all] = /All:([\d.]+)/.exec(stderr) ?? [];
  if (all === undefined) throw new Error(`no frames to compare at ${atS} s: ${stderr}`);
  return Number(all);
}
