import type { Kernel } from '../openKernel.ts';
import { type Planes, planeLayout, planeOf, planesBytes } from './planes.ts';

/**
 * So many frames wait. Those of a camera may come just when a picture is made: sometimes none since the picture before, and
 * then two. With one that waits, each is shown once; without it, one would be shown twice and the next one not at all.
 */
const MOST_WAITING = 2;

/** The frames of one video. */
export interface Video {
  /**
   * The next frame as planes, or the last one where none has come; null before the first one. `isNew` tells whether it is
   * another one than at the last call. The planes stay as they are until the next call.
   */
  read(): Promise<{ readonly planes: Planes; readonly isNew: boolean } | null>;
  close(): void;
}

/** Reads a video. `onShape` is called with the size of its first frame, and whenever the size changes. */
export function readVideo(
  kernel: Kernel,
  frames: ReadableStream<VideoFrame>,
  onShape: (width: number, height: number) => void,
): Video {
  const reader = frames.getReader();
  const waiting: VideoFrame[] = [];
  let planes: Planes | null = null;
  let shape = '';
  let isClosed = false;

  async function follow(): Promise<void> {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      const frame = next.value;
      if (isClosed) {
        frame.close();
        continue;
      }
      waiting.push(frame);
      if (waiting.length > MOST_WAITING) waiting.shift()?.close();
      const { displayWidth, displayHeight } = frame;
      const now = `${displayWidth}x${displayHeight}`;
      if (now !== shape) onShape(displayWidth, displayHeight);
      shape = now;
    }
  }
  // A track that ends leaves its last frame.
  follow().catch(() => {});

  function roomFor(width: number, height: number): Planes {
    if (planes?.width === width && planes.height === height) return planes;
    if (planes) kernel.free(planes.address);
    return { address: kernel.allocate(planesBytes(width, height)), width, height };
  }

  return {
    read: async () => {
      const frame = waiting.shift();
      if (frame === undefined) return planes && { planes, isNew: false };
      try {
        planes = roomFor(frame.displayWidth, frame.displayHeight);
        await copyPlanes(kernel, frame, planes);
        return { planes, isNew: true };
      } finally {
        frame.close();
      }
    },
    close: () => {
      isClosed = true;
      for (const frame of waiting.splice(0)) frame.close();
      reader.cancel().catch(() => {}); // it has ended
      if (planes) kernel.free(planes.address);
    },
  };
}

/** Copies a frame into planes of its own size, as BT.601 in limited range, which is what a captured tab is in. */
export async function copyPlanes(kernel: Kernel, frame: VideoFrame, { address, width, height }: Planes) {
  if (frame.format === 'I420' || frame.format === 'I420A') {
    const layout = planeLayout(width, height);
    const into = kernel.bytes.subarray(address, address + planesBytes(width, height));
    await frame.copyTo(into, { layout });
    return;
  }
  const stride = 4 * width;
  const pixels = kernel.allocate(stride * height);
  try {
    await frame.copyTo(kernel.bytes.subarray(pixels, pixels + stride * height), {
      format: 'RGBA',
      layout: [{ offset: 0, stride }],
    } as VideoFrameCopyToOptions);
    const [u, v] = ([1, 2] as const).map((index) => planeOf({ address, width, height }, index).address);
    kernel.fromRgb(address, Number(u), Number(v), pixels, stride, width, height, 0);
  } finally {
    kernel.free(pixels);
  }
}
