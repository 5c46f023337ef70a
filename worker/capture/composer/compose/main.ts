import kernelCode from 'virtual:kernel';
import type { ComposerMessage } from '../../../../shared/recorder/composerMessages.ts';
import type { FromThread, ToThread } from '../messages.ts';
import { openKernel } from '../openKernel.ts';
import { readVideo, type Video } from './readVideo.ts';
import { type EncodedRecording, recordComposed } from './recordComposed.ts';

/*
 * The composer's thread. It reads the frames of the page's videos and pictures of the page without them, makes one picture
 * of both for each slot of the timeline, encodes it, and sends the bytes.
 */

const thread = self as unknown as {
  postMessage(message: FromThread): void;
  onmessage: ((event: MessageEvent<ToThread>) => void) | null;
};
/** A fragment of the file has half a second, so nothing waits for this. */
const TOLD_AFTER_MS = 200;

const opening = openKernel(Uint8Array.fromBase64(kernelCode));
const videos = new Map<number, Video>();
let recording: EncodedRecording | null = null;
const untold: ComposerMessage[] = [];
let telling: ReturnType<typeof setTimeout> | undefined;

thread.onmessage = ({ data }) => {
  take(data).catch((error) => tell({ type: 'failed', message: String(error) }));
};

async function take(message: ToThread): Promise<void> {
  const kernel = await opening;
  switch (message.type) {
    case 'video': {
      const { id, frames } = message;
      const onShape = (width: number, height: number) =>
        thread.postMessage({ type: 'shape', id, width, height });
      videos.set(id, readVideo(kernel, frames, onShape));
      return;
    }
    case 'video_gone':
      videos.get(message.id)?.close();
      videos.delete(message.id);
      return;
    case 'open':
      recording = recordComposed({ ...message, kernel, videos, ask: thread.postMessage.bind(thread), tell });
      return;
    case 'begin':
      return recording?.begin(message.continues);
    case 'end':
      return recording?.end(message.atUs);
    case 'picture':
      return thread.postMessage({ type: 'pictured', jpeg: (await recording?.picture()) ?? null });
    default:
      return recording?.answer(message);
  }
}

/** Pictures and figures are told together now and then, because each call to the worker costs as much as some kilobytes. */
function tell(message: ComposerMessage): void {
  untold.push(message);
  const mayWait = message.type === 'picture' || message.type === 'stats';
  if (!mayWait) tellAll();
  else telling ??= setTimeout(tellAll, TOLD_AFTER_MS);
}

function tellAll(): void {
  clearTimeout(telling);
  telling = undefined;
  thread.postMessage({ type: 'tell', messages: JSON.stringify(untold.splice(0)) });
}
