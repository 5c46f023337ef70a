import type { Level } from '../messages.ts';

/** Luma of black and white in limited range (ITU-R BT.601, 2.5.3). */
const LUMA = { black: 16, white: 235 } as const;
const NEUTRAL = 128;
const FRAME_US = 33_333;

/** A video of one colour that an element plays instead of its own, with the same size, so that it lies as that would. */
export interface StandIn {
  readonly track: MediaStreamTrack;
  /** The size of the video that it stands for, in pixels. */
  reshape(width: number, height: number): void;
  show(level: Level): void;
  /** Whether that level is not the one that it shows. */
  isOther(level: Level): boolean;
  stop(): void;
}

export function createStandIn(first: Level): StandIn {
  const generator = new MediaStreamTrackGenerator({ kind: 'video' });
  const writer = generator.writable.getWriter();
  let shape: { readonly width: number; readonly height: number } | null = null;
  let level = first;
  let timestamp = 0;

  function paint(): void {
    if (shape === null) return;
    timestamp += FRAME_US;
    writer.write(flatFrame(shape.width, shape.height, LUMA[level], timestamp)).catch(() => {}); // it was stopped
  }

  return {
    track: generator,
    reshape: (width, height) => {
      shape = { width, height };
      paint();
    },
    show: (now) => {
      if (now === level) return;
      level = now;
      paint();
    },
    isOther: (now) => now !== level,
    stop: () => generator.stop(),
  };
}

function flatFrame(width: number, height: number, luma: number, timestamp: number): VideoFrame {
  const pixels = width * height;
  const chroma = 2 * Math.ceil(width / 2) * Math.ceil(height / 2);
  const data = new Uint8Array(pixels + chroma).fill(luma, 0, pixels).fill(NEUTRAL, pixels);
  return new VideoFrame(data, { format: 'I420', codedWidth: width, codedHeight: height, timestamp });
}
