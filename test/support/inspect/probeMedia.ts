import { runTool } from './runTool.ts';

type StreamTimes = {
  codec: string;
  /** When the stream's first packet is shown, in seconds of the file's own clock. */
  startS: number;
  /** null if the file does not say (a WebM straight from a browser). */
  durationS: number | null;
  /** null if the container does not say (WebM). */
  bitrateBps: number | null;
};

export type VideoStream = StreamTimes & {
  kind: 'video';
  profile: string;
  widthPx: number;
  heightPx: number;
  framesPerSecond: number;
};

export type AudioStream = StreamTimes & {
  kind: 'audio';
  sampleRateHz: number;
  channels: number;
};

export type Media = {
  /** ffprobe's name of the container, such as `mov,mp4,m4a,3gp,3g2,mj2`. */
  container: string;
  durationS: number | null;
  video: VideoStream | null;
  audio: AudioStream | null;
  streamCount: number;
};

type Probed = Record<string, string | number | undefined> & {
  tags?: Record<string, string>;
};

/** Reads the first video and the first audio stream of a media file. Throws if it is not a media file. */
export async function probeMedia(path: string): Promise<Media> {
  const { stdout } = await runTool('ffprobe', [
    '-v',
    'error',
    '-of',
    'json',
    '-show_format',
    '-show_streams',
    path,
  ]);
  const { format, streams } = JSON.parse(stdout.toString()) as {
    format: Probed;
    streams: Probed[];
  };
  const video = streams.find((stream) => stream.codec_type === 'video');
  const audio = streams.find((stream) => stream.codec_type === 'audio');
  return {
    container: String(format.format_name),
    durationS: secondsOf(format.duration),
    video: video ? videoStream(video) : null,
    audio: audio ? audioStream(audio) : null,
    streamCount: streams.length,
  };
}

function videoStream(stream: Probed): VideoStream {
  return {
    kind: 'video',
    ...streamTimes(stream),
    profile: String(stream.profile ?? ''),
    widthPx: Number(stream.width),
    heightPx: Number(stream.height),
    framesPerSecond: ratio(String(stream.avg_frame_rate)),
  };
}

function audioStream(stream: Probed): AudioStream {
  return {
    kind: 'audio',
    ...streamTimes(stream),
    sampleRateHz: Number(stream.sample_rate),
    channels: Number(stream.channels),
  };
}

function streamTimes(stream: Probed): StreamTimes {
  return {
    codec: String(stream.codec_name),
    startS: Number(stream.start_time),
    durationS: secondsOf(stream.duration) ?? secondsOf(stream.tags?.DURATION),
    bitrateBps: stream.bit_rate === undefined ? null : Number(stream.bit_rate),
  };
}

/** MP4 says `4.000000`, Matroska says `00:00:04.000000000` in a tag. */
function secondsOf(text: string | number | undefined): number | null {
  if (text === undefined) return null;
  return String(text)
    .split(':')
    .reduce((seconds, part) => seconds * 60 + Number(part), 0);
}

function ratio(text: string): number {
  const [numerator, denominator] = text.split('/').map(Number);
  return (numerator ?? Number.NaN) / (denominator ?? 1);
}
