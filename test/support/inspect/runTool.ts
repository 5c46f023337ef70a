import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

// The largest output is sound: a minute of 48 kHz mono float samples is 11 MB.
const MAX_OUTPUT_BYTES = 512 * 1024 * 1024;

/** Runs ffmpeg or ffprobe to its end. If it fails, throws with its output. */
export async function runTool(
  tool: 'ffmpeg' | 'ffprobe',
  args: string[],
): Promise<{ stdout: Buffer; stderr: string }> {
  try {
    const { stdout, stderr } = await run(tool, args, { encoding: 'buffer', maxBuffer: MAX_OUTPUT_BYTES });
    return { stdout, stderr: stderr.toString() };
  } catch (error) {
    const said = (error as { stderr?: Buffer }).stderr?.toString().trim();
    throw new Error(`${tool} failed: ${said || (error as Error).message}`, { cause: error });
  }
}
