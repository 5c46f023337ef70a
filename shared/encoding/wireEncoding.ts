import { z } from 'zod';
import { oneOf } from '../wire/nearestName.ts';
import { CONTAINERS, FRAME_RATES, H264_PROFILES } from './encodingProfile.ts';

/** Whoever names an H.264 profile for WebM means something else than what they would get. */
export const H264_IN_WEBM = 'goes with the container "mp4"; WebM carries VP9';

/**
 * What a job may choose for the encoding of a file, in its `recording.encoding` and in each of its `outputs`.
 * Bounds: AAC and Opus in stereo; video from a slide show to more than any call needs.
 */
export const ENCODING_FIELDS = {
  container: z.enum(CONTAINERS, oneOf('container', CONTAINERS)),
  h264_profile: z.enum(H264_PROFILES, oneOf('H.264 profile', H264_PROFILES)),
  video_bitrate_kbps: z.number().min(100).max(50_000),
  audio_bitrate_kbps: z.number().min(32).max(320),
} as const;

const { container, h264_profile, video_bitrate_kbps, audio_bitrate_kbps } = ENCODING_FIELDS;

/** Reads `recording.encoding` of a job. The frame rate is the page's, and holds for every output. */
export const WireEncoding = z
  .strictObject({
    frame_rate: z.literal(FRAME_RATES, oneOf('frame rate', FRAME_RATES)).default(30),
    container: container.default('mp4'),
    h264_profile: h264_profile.nullable().default(null),
    video_bitrate_kbps: video_bitrate_kbps.nullable().default(null),
    audio_bitrate_kbps: audio_bitrate_kbps.default(128),
  })
  .superRefine(({ container, h264_profile }, context) => {
    if (container === 'webm' && h264_profile !== null)
      context.addIssue({ code: 'custom', path: ['h264_profile'], message: H264_IN_WEBM });
  });
