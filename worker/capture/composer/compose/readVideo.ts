import type { Kernel } from '../openKernel.ts';
import { type Planes, planeLayout, planeOf, planesBytes } from './planes.ts';

/** The frames of one video. Only the last one is kept. */
export interface Video {
  /**
   * The last frame as planes; null before the first one. `isNew` tells whether it is another one than at the last call.
   * The planes stay as they are until the next call.
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
  let last: VideoFrame | null = null;
  let planes: Planes | null = null;
  let shape = '';
  let isClosed = false;

  async function follow(): Promise<void> {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      last?.close();
      last = next.value;
      if (isClosed) last.close();
      const { displayWidth, displayHeight } = last;
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
      const frame = last;
      last = null;
      if (frame === null) return planes && { planes, isNew: false };
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
      last?.close();
      last = null;
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
