import type { FilesRequest } from '../../worker/outputs/openOutputs.ts';

/** What a request says of its files where it asks for one MP4 of a small clip. */
export const ONE_MP4 = {
  outputs: [
    {
      name: 'recording',
      encoding: {
        container: 'mp4',
        h264Profile: 'baseline',
        videoBitrateBps: 1,
        audioBitrateBps: 1,
        keyFrameIntervalS: 2,
      },
      storage: null,
      backup: null,
      recipients: null,
    },
  ],
  audioOnly: false,
  picture: { widthPx: 320, heightPx: 180, framesPerSecond: 30 },
  limits: { maxDurationS: 14_400, emptyTimeoutS: 1, loadTimeoutS: 1, readyTimeoutS: 1 },
} as const satisfies FilesRequest;
