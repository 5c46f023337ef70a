import type { ComposerCalls } from '../../../../shared/recorder/composerCalls.ts';
import type { ComposerMessage } from '../../../../shared/recorder/composerMessages.ts';
import type { PictureFormat } from '../../../../shared/recorder/recorderCalls.ts';
import ComposerThread from '../compose/main.ts?worker&inline';
import type { FromThread, ToThread } from '../messages.ts';
import { drawUntilCaptured } from './drawUntilCaptured.ts';
import { createHandedVideos } from './handOver.ts';
import { whyDrawn } from './whyDrawn.ts';

/*
 * Runs in a recorded page among its own scripts. Videos that the page hands over play stand-ins. Their frames go to the
 * composer's thread, which puts them into the picture as they were decoded.
 */

declare global {
  interface Window {
    callCompositor: object;
    /** Defined by the worker: takes a list of ComposerMessage as JSON, and before that, once, the text "asked". */
    compositorComposed?(messages: string): void;
  }
}

/** Frames that wait for the thread while it is busy. */
const BUFFERED_FRAMES = 2;
/** A page is captured within a tenth of a second, on a busy machine within one or two. One that shows nothing never is. */
const CAPTURED_WITHIN_MS = 3_000;

let isAsked = false;
let hasGivenUp = false;
let thread: Worker | null = null;
let capturedTrack: MediaStreamVideoTrack | null = null;
/** Those who wait for the first picture of the page: more than one where a composer is opened while another one is. */
const onCaptured: (() => void)[] = [];
/** Those who wait for a picture, in the order in which they asked. */
const waiting: ((jpeg: string | null) => void)[] = [];

const videos = createHandedVideos({
  onTaken: (id, track) => {
    if (hasGivenUp) return;
    const frames = new MediaStreamTrackProcessor({ track, maxBufferSize: BUFFERED_FRAMES }).readable;
    send({ type: 'video', id, frames }, [frames]);
  },
  onGivenBack: (id) => send({ type: 'video_gone', id }),
});

function send(message: ToThread, transferred: Transferable[] = []): void {
  if (hasGivenUp) return;
  thread ??= openThread();
  thread.postMessage(message, transferred);
}

function openThread(): Worker {
  const opened = new ComposerThread();
  opened.onmessage = ({ data }: MessageEvent<FromThread>) => hear(data);
  opened.onerror = ({ message }) => {
    const failed: ComposerMessage = { type: 'failed', message: `the composer failed: ${message}` };
    window.compositorComposed?.(JSON.stringify([failed]));
  };
  return opened;
}

function hear(message: FromThread): void {
  switch (message.type) {
    case 'captured':
      for (const listener of onCaptured.splice(0)) listener();
      break;
    case 'shape':
      videos.reshape(message.id, message.width, message.height);
      break;
    case 'show':
      void videos.show(message.level).then(() => send({ type: 'presented', level: message.level }));
      answer('shown');
      break;
    case 'draw':
      void videos.playThemselves().then(() => send({ type: 'drawn' }));
      break;
    case 'look':
      answer('looked');
      break;
    case 'stand_in':
      void videos.show('black');
      videos.playStandIns();
      break;
    case 'pictured':
      waiting.shift()?.(message.jpeg);
      break;
    case 'tell':
      window.compositorComposed?.(message.messages);
      break;
  }
}

function answer(type: 'shown' | 'looked'): void {
  const tiles = videos.tiles();
  send({ type, tiles, why: whyDrawn(videos.elements(), tiles) });
}

/** Pictures of the page itself. Its track stays open in a pause, in which nobody reads it. */
async function captureItself(picture: PictureFormat): Promise<ReadableStream<VideoFrame>> {
  if (capturedTrack?.readyState !== 'live') capturedTrack = await openOwnTrack(picture);
  return new MediaStreamTrackProcessor({ track: capturedTrack, maxBufferSize: BUFFERED_FRAMES }).readable;
}

async function openOwnTrack({ widthPx, heightPx }: PictureFormat): Promise<MediaStreamVideoTrack> {
  const stream = await navigator.mediaDevices.getDisplayMedia({
    preferCurrentTab: true,
    selfBrowserSurface: 'include',
    audio: false,
    video: { width: widthPx, height: heightPx, frameRate: { max: 60 } },
  } as DisplayMediaStreamOptions);
  const [track] = stream.getVideoTracks() as MediaStreamVideoTrack[];
  if (track === undefined) throw new Error('the page could not capture itself');
  return track;
}

/** Resolves once the first picture of the page has come. Rejects where none comes. */
async function firstPicture(): Promise<void> {
  const stopDrawing = drawUntilCaptured();
  try {
    await new Promise<void>((resolve, reject) => {
      onCaptured.push(resolve);
      const late = `no picture of the page has come within ${CAPTURED_WITHIN_MS} ms`;
      setTimeout(() => reject(new Error(late)), CAPTURED_WITHIN_MS);
    });
  } finally {
    stopDrawing();
  }
}

const calls: ComposerCalls = {
  isAsked: () => isAsked && !hasGivenUp,
  open: async ({ picture, ...options }) => {
    const captured = await captureItself(picture);
    videos.playStandIns(); // before a pause, the browser may have drawn the videos
    const timeOriginUnixMs = performance.timeOrigin;
    const isCaptured = firstPicture();
    send({ type: 'open', picture, ...options, timeOriginUnixMs, captured }, [captured]);
    await isCaptured;
  },
  giveUp: async () => {
    hasGivenUp = true;
    thread?.terminate();
    capturedTrack?.stop();
    await videos.playThemselves();
  },
  begin: (continues) => send({ type: 'begin', continues }),
  end: (atUs) => send({ type: 'end', atUs }),
  picture: () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      send({ type: 'picture' });
    }),
};
/** Getting ready takes as long as loading, so the worker is told before the page has loaded. */
function ask(): void {
  if (!isAsked) window.compositorComposed?.('asked');
  isAsked = true;
}

const contract = {
  willCompose: ask,
  compose: (element: HTMLVideoElement) => {
    ask();
    return videos.take(element);
  },
};
if (window === window.top) {
  Object.assign(window.callCompositor, contract);
  Object.defineProperty(window.callCompositor, 'composer', { value: calls });
}
