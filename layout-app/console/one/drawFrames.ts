/** In pixels; twice of what they are shown at, for sharp screens. */
const WIDTH_PX = 480;
/** A picture that the browser has not found by then is left out. */
const SEEK_LIMIT_MS = 15_000;

/** Draws the pictures of a video at some times, in seconds, one after the other. Tells how many it has drawn. */
export async function drawFrames(
  address: string,
  times: readonly number[],
  canvases: readonly HTMLCanvasElement[],
  signal: AbortSignal,
  onDrawn: (count: number) => void,
): Promise<void> {
  const video = document.createElement('video');
  Object.assign(video, { muted: true, preload: 'auto', playsInline: true, src: address });
  try {
    let drawn = 0;
    for (const [at, time] of times.entries()) {
      const arrived = happens(video, 'seeked');
      video.currentTime = time;
      if (!(await arrived) || signal.aborted) return;
      draw(video, canvases[at] as HTMLCanvasElement);
      drawn += 1;
      onDrawn(drawn);
    }
  } finally {
    // Otherwise the browser goes on loading.
    video.removeAttribute('src');
    video.load();
  }
}

function draw(video: HTMLVideoElement, canvas: HTMLCanvasElement): void {
  const { videoWidth: width, videoHeight: height } = video;
  if (width === 0) return;
  canvas.width = WIDTH_PX;
  canvas.height = Math.round((WIDTH_PX * height) / width);
  canvas.getContext('2d')?.drawImage(video, 0, 0, canvas.width, canvas.height);
}

/** Resolves to false if the video cannot be read, or takes too long. */
function happens(video: HTMLVideoElement, event: string): Promise<boolean> {
  return new Promise((resolve) => {
    const over = new AbortController();
    const timer = setTimeout(() => finish(false), SEEK_LIMIT_MS);
    const finish = (isDone: boolean) => {
      clearTimeout(timer);
      over.abort();
      resolve(isDone);
    };
    video.addEventListener(event, () => finish(true), { signal: over.signal });
    video.addEventListener('error', () => finish(false), { signal: over.signal });
  });
}
