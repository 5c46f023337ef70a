import type { H264Profile } from '../../../shared/encoding/encodingProfile.ts';
import type { PictureFormat, RecordedEncoding } from '../../../shared/recorder/recorderCalls.ts';

/**
 * The settings of an encoding's video encoder: VP9 in WebM, H.264 in MP4, each at the lowest level that is
 * enough.
 */
export function encoderConfig(picture: PictureFormat, encoding: RecordedEncoding): VideoEncoderConfig {
  const isWebM = encoding.container === 'webm';
  return {
    codec: isWebM ? vp9Codec(picture) : h264Codec(picture, encoding.h264Profile),
    width: picture.widthPx,
    height: picture.heightPx,
    framerate: picture.framesPerSecond,
    bitrate: encoding.videoBitrateBps,
    latencyMode: 'realtime',
    bitrateMode: 'variable',
    // No other picture depends on every second picture (L1T2). This gives better pictures at the same bitrate
    // and for the same work.
    ...(isWebM ? {} : { avc: { format: 'avc' }, scalabilityMode: 'L1T2' }),
  };
}

const H264_PROFILE_IDC = { baseline: '42e0', main: '4d00', high: '6400' } as const;
/**
 * H.264 levels, each with the most luma samples per second that it allows (H.264 table A-1, macroblocks times
 * 256).
 */
const H264_LEVELS = [
  ['1f', 108_000 * 256],
  ['20', 216_000 * 256],
  ['28', 245_760 * 256],
  ['2a', 522_240 * 256],
  ['33', 983_040 * 256],
] as const;
/** The same for VP9 (VP9 bitstream specification, annex A). */
const VP9_LEVELS = [
  ['31', 36_864_000],
  ['40', 83_558_400],
  ['41', 160_432_128],
  ['51', 588_251_136],
] as const;

function h264Codec(picture: PictureFormat, profile: H264Profile): string {
  return `avc1.${H264_PROFILE_IDC[profile]}${levelFor(H264_LEVELS, picture)}`;
}

/** 8 bits, profile 0. */
function vp9Codec(picture: PictureFormat): string {
  return `vp09.00.${levelFor(VP9_LEVELS, picture)}.08`;
}

function levelFor(
  levels: readonly (readonly [string, number])[],
  { widthPx, heightPx, framesPerSecond }: PictureFormat,
): string {
  const rate = Math.ceil(widthPx / 16) * Math.ceil(heightPx / 16) * 256 * framesPerSecond;
  const [level] = levels.find(([, most]) => rate <= most) ?? (levels.at(-1) as readonly [string, number]);
  return level;
}
