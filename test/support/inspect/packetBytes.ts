import { runTool } from './runTool.ts';

/** How many bytes each picture of a file has, in the order of the file. */
export async function packetBytes(path: string): Promise<number[]> {
  const args = ['-v', 'error', '-select_streams', 'v:0', '-show_entries', 'packet=size', '-of', 'json', path];
  const { stdout } = await runTool('ffprobe', args);
  const { packets } = JSON.parse(stdout.toString()) as { packets: { size: string }[] };
  return packets.map(({ size }) => Number(size));
}
