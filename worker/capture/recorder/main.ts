import type { RecorderCalls, WorkerCalls } from '../../../shared/recorder/recorderCalls.ts';
import { createRecorder, type Recorder } from './createRecorder.ts';

declare global {
  interface Window extends WorkerCalls {
    recorder: RecorderCalls;
  }
}

let recorder: Recorder | null = null;

window.recorder = {
  open: async (options) => {
    recorder = await createRecorder(options, {
      write: async (encoding, bytes, position) =>
        window.recorderBytes(encoding, await toBase64(bytes), position),
      send: (message) => window.recorderMessage(message),
    });
  },
  begin: async (continues) => opened().begin(continues),
  stop: async () => opened().stop(),
};

function opened(): Recorder {
  if (recorder === null) throw new Error('the recorder was called before it was opened');
  return recorder;
}

/**
 * Encodes the bytes as a data URL. This is native code, and thirty times cheaper than btoa on a string made
 * of the bytes.
 */
async function toBase64(bytes: Uint8Array): Promise<string> {
  const reader = new FileReader();
  await new Promise((resolve, reject) => {
    reader.onload = resolve;
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(new Blob([bytes as Uint8Array<ArrayBuffer>]));
  });
  const url = reader.result as string;
  return url.slice(url.indexOf(',') + 1);
}
