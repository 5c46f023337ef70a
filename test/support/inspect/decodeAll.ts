import { runTool } from './runTool.ts';

export type Decoded = {
  videoFrameCount: number;
  /** The complaints of decoders and demuxer, one per line. */
  errors: string[];
};

/** Decodes every stream from start to end, to prove that the whole file can be played. */
export async function decodeAll(path: string): Promise<Decoded> {
  const entries = 'stream=codec_type,nb_read_frames';
  const args = ['-v', 'error', '-count_frames', '-show_entries', entries, '-of', 'json', path];
  const { stdout, stderr } = await runTool('ffprobe', args);
  const { streams } = JSON.parse(stdout.toString()) as {
    streams: { codec_type: string; nb_read_frames?: string }[];
  };
  const video = streams.find((stream) => stream.codec_type === 'video');
  return {
    videoFrameCount: Number(video?.nb_read_frames ?? 0),
    errors: stderr.split('\n').filter((line) => line.trim() !== ''),
  };
}
