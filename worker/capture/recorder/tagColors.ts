import { bytesOf } from './bytesOf.ts';

/**
 * Chromium's software compositor converts captured pictures to YUV with BT.601 (libyuv's ARGBToI420) but tags
 * them as BT.709. A player that believes the tag shows blue as (0, 14, 255). The pictures stay as they are,
 * and every tag is corrected: the one in the container, and the one in the stream, which players read first.
 */
const COLOR_SPACE: VideoColorSpaceInit = {
  primaries: 'bt709',
  transfer: 'bt709',
  matrix: 'smpte170m',
  fullRange: false,
};

/**
 * The video_signal_type of an H.264 sequence parameter set as Chromium writes it (H.264 E.1.1), in bits:
 * format unspecified (5), limited range, and a colour description with primaries, transfer and matrix of
 * BT.709.
 */
const BT709_SIGNAL = `10101${'00000001'.repeat(3)}`;
const BT601_SIGNAL = `10101${'00000001'.repeat(2)}00000110`;

/** The same bits for pictures in BT.601. */
export function tagDecoderConfig(config: VideoDecoderConfig): VideoDecoderConfig {
  const isH264 = config.codec.startsWith('avc1');
  const description = config.description && isH264 ? tagH264(config.description) : config.description;
  return { ...config, colorSpace: COLOR_SPACE, ...(description ? { description } : {}) };
}

function tagH264(description: AllowSharedBufferSource): Uint8Array {
  const bytes = bytesOf(description);
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('');
  const tagged = bits.replace(BT709_SIGNAL, BT601_SIGNAL);
  return bytes.map((_, index) => Number.parseInt(tagged.slice(index * 8, index * 8 + 8), 2));
}

/**
 * BT.601 in the color_space of a VP9 key frame of profile 0, which is the upper bits of byte 4 (VP9
 * bitstream, 6.2 and 7.2.2).
 */
export function tagVp9KeyFrame(data: Uint8Array): void {
  data[4] = ((data[4] as number) & 0x1f) | (1 << 5);
}
