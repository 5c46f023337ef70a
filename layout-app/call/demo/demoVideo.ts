import type { MediaFeed } from '../call.ts';

/** Draws the picture of a moment over the whole canvas. */
export type Draw = (context: CanvasRenderingContext2D, timeS: number) => void;

export interface DemoPicture {
  readonly kind: 'camera' | 'screen';
  /** Width divided by height; 16/9 without it. */
  readonly aspect?: number | undefined;
  readonly draw: Draw;
}

export interface DemoVideos {
  /** The feed of this id. An id always gives the same feed. It is drawn only while it is on an element. */
  feed(id: string, picture: DemoPicture): MediaFeed;
}

interface DrawnVideo {
  readonly track: MediaStreamTrack;
  /** Makes the drawing the next frame of the track. */
  readonly take: () => void;
  readonly context: CanvasRenderingContext2D;
  readonly picture: DemoPicture;
  readonly elements: Set<HTMLMediaElement>;
  drawnAtMs: number;
}

const SMALL = { widthPx: 320, heightPx: 180, framesPerSecond: 15 };
const LARGE = { widthPx: 640, heightPx: 360, framesPerSecond: 30 };
/** If there are more large pictures than this, they are drawn at half the rate. */
const MOST_AT_FULL_RATE = 4;
/** A moment in which nobody blinks. */
const STILL_AT_S = 1;
/** A picture that stands still is drawn again for whoever has missed it. */
const STILL_RATE = 2;
const SCREEN = { widthPx: 1280, heightPx: 720, framesPerSecond: 5 };

/** Canvas pictures as video tracks. One loop draws all of them. A small tile gets a small picture, as from an SFU. */
export function createDemoVideos({ isStill = false } = {}): DemoVideos {
  const feeds = new Map<string, MediaFeed>();
  const shown = new Set<DrawnVideo>();

  const loop = (nowMs: number) => {
    for (const video of shown) {
      const { framesPerSecond, ...size } = formatFor(video, shown.size);
      const [rate, timeS] = isStill ? [STILL_RATE, STILL_AT_S] : [framesPerSecond, nowMs / 1000];
      drawWhenDue(video, size, rate, nowMs, timeS);
    }
    if (shown.size > 0) requestAnimationFrame(loop);
  };

  const show = (video: DrawnVideo, element: HTMLMediaElement) => {
    if (shown.size === 0) requestAnimationFrame(loop);
    video.elements.add(element);
    video.drawnAtMs = Number.NEGATIVE_INFINITY;
    shown.add(video);
    element.srcObject = new MediaStream([video.track]);
    return () => {
      video.elements.delete(element);
      if (video.elements.size === 0) shown.delete(video);
      element.srcObject = null;
    };
  };

  const feed: DemoVideos['feed'] = (id, picture) => {
    const known = feeds.get(id);
    if (known) return known;
    let video: DrawnVideo | null = null;
    const made: MediaFeed = {
      id,
      attach(element) {
        video ??= createVideo(picture);
        return show(video, element);
      },
    };
    feeds.set(id, made);
    return made;
  };
  return { feed };
}

function createVideo(picture: DemoPicture): DrawnVideo {
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d', {
    alpha: false,
    willReadFrequently: true,
  });
  const stream = canvas.captureStream(0) as MediaStream & { requestFrame?: () => void };
  const track = stream.getVideoTracks()[0] as CanvasCaptureMediaStreamTrack | undefined;
  if (!context || !track) throw new Error('This browser cannot draw demo video');
  return {
    track,
    // In Firefox, requestFrame is a method of the stream.
    take: () => (stream.requestFrame ? stream.requestFrame() : track.requestFrame()),
    context,
    picture,
    elements: new Set(),
    drawnAtMs: Number.NEGATIVE_INFINITY,
  };
}

/** Draws at this rate, and at once in another size. */
function drawWhenDue(
  video: DrawnVideo,
  size: Size,
  framesPerSecond: number,
  nowMs: number,
  timeS: number,
): void {
  const { canvas } = video.context;
  const { widthPx, heightPx } = reshaped(size, video.picture.aspect);
  const isResized = canvas.width !== widthPx || canvas.height !== heightPx;
  // 8 ms is half an animation frame of slack. Without it, a 30 Hz picture on a 60 Hz clock would become 20 Hz.
  if (!isResized && nowMs - video.drawnAtMs < 1000 / framesPerSecond - 8) return;
  if (isResized) Object.assign(canvas, { width: widthPx, height: heightPx });
  video.picture.draw(video.context, timeS);
  video.take();
  video.drawnAtMs = nowMs;
}

interface Size {
  readonly widthPx: number;
  readonly heightPx: number;
}

/** The size of another shape with the same number of pixels. */
function reshaped(size: Size, aspect?: number): Size {
  if (aspect === undefined) return size;
  const pixels = size.widthPx * size.heightPx;
  return {
    widthPx: Math.round(Math.sqrt(pixels * aspect)),
    heightPx: Math.round(Math.sqrt(pixels / aspect)),
  };
}

function formatFor(video: DrawnVideo, shownCount: number) {
  if (video.picture.kind === 'screen') return SCREEN;
  const widestPx = Math.max(...[...video.elements].map((element) => element.clientWidth));
  if (widestPx <= SMALL.widthPx) return SMALL;
  return shownCount > MOST_AT_FULL_RATE ? { ...LARGE, framesPerSecond: LARGE.framesPerSecond / 2 } : LARGE;
}
