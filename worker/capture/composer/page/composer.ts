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
    /** Defined by the worker: takes a list of ComposerMessage as JSON. */
    compositorComposed?(messages: string): void;
  }
}

/** Frames that wait for the thread while it is busy. */
const BUFFERED_FRAMES = 2;

let isAsked = false;
let thread: Worker | null = null;
let onOpened: () => void = () => {};
let onCaptured: () => void = () => {};

const videos = createHandedVideos({
  onTaken: (id, track) => {
    const frames = new MediaStreamTrackProcessor({ track, maxBufferSize: BUFFERED_FRAMES }).readable;
    send({ type: 'video', id, frames }, [frames]);
  },
  onGivenBack: (id) => send({ type: 'video_gone', id }),
});

function send(message: ToThread, transferred: Transferable[] = []): void {
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
    case 'opened':
      onOpened();
      break;
    case 'captured':
      onCaptured();
      break;
    case 'shape':
      videos.reshape(message.id, message.width, message.height);
      break;
    case 'show':
      void videos.show(message.level).then(() => send({ type: 'presented', level: message.level }));
      answerWhatIsShown();
      break;
    case 'draw':
      void videos.playThemselves().then(() => send({ type: 'drawn' }));
      break;
    case 'look':
      send({ type: 'looked', why: whyDrawn(videos.elements(), videos.tiles()) });
      break;
    case 'stand_in':
      void videos.show('black');
      videos.playStandIns();
      break;
    case 'tell':
      window.compositorComposed?.(message.messages);
      break;
  }
}

function answerWhatIsShown(): void {
  const tiles = videos.tiles();
  send({ type: 'shown', tiles, why: whyDrawn(videos.elements(), tiles) });
}

async function captureItself({ widthPx, heightPx }: PictureFormat): Promise<ReadableStream<VideoFrame>> {
  const stream = await navigator.mediaDevices.getDisplayMedia({
    preferCurrentTab: true,
    selfBrowserSurface: 'include',
    audio: false,
    video: { width: widthPx, height: heightPx, frameRate: { max: 60 } },
  } as DisplayMediaStreamOptions);
  const [track] = stream.getVideoTracks() as MediaStreamVideoTrack[];
  if (track === undefined) throw new Error('the page could not capture itself');
  return new MediaStreamTrackProcessor({ track, maxBufferSize: BUFFERED_FRAMES }).readable;
}

const calls: ComposerCalls = {
  isAsked: () => isAsked,
  open: async ({ picture, ...options }) => {
    const captured = await captureItself(picture);
    const opened = new Promise<void>((resolve) => {
      onOpened = resolve;
    });
    const timeOriginUnixMs = performance.timeOrigin;
    send({ type: 'open', picture, ...options, timeOriginUnixMs, captured }, [captured]);
    await opened;
    onCaptured = drawUntilCaptured();
  },
  giveUp: async () => videos.playThemselves(),
  begin: (continues) => send({ type: 'begin', continues }),
  end: (atUs) => send({ type: 'end', atUs }),
};
const contract = {
  willCompose: () => {
    isAsked = true;
  },
  compose: (element: HTMLVideoElement) => {
    isAsked = true;
    return videos.take(element);
  },
};
if (window === window.top) {
  Object.assign(window.callCompositor, contract);
  Object.defineProperty(window.callCompositor, 'composer', { value: calls });
}
