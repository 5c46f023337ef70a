import type { CaptureStats, RecorderMessage, RecorderOptions } from '../../../shared/recorderMessages.ts';
import { createRecorder, type Recorder } from './createRecorder.ts';

/** The worker's half of the recorder page: bindings it defines before load, and the object it calls. */
declare global {
  interface Window {
    recorderMessage(json: string): Promise<void>;
    recorderBytes(base64: string): Promise<void>;
    recorder: {
      open(options: RecorderOptions): Promise<void>;
      begin(): Promise<void>;
      stop(): Promise<CaptureStats>;
    };
  }
}

let recorder: Recorder | null = null;

window.recorder = {
  open: async (options) => {
    recorder = await createRecorder(options, writeBytes, sendMessage);
  },
  begin: async () => recorder?.begin(),
  stop: async () => {
    if (!recorder) throw new Error('nothing was opened');
    return recorder.stop();
  },
};

function sendMessage(message: RecorderMessage): void {
  window.recorderMessage(JSON.stringify(message));
}

async function writeBytes(bytes: Uint8Array): Promise<void> {
  await window.recorderBytes(toBase64(bytes));
}

/** In slices, since the number of arguments of a call is limited. */
function toBase64(bytes: Uint8Array): string {
  const SLICE = 0x8000;
  let binary = '';
  for (let start = 0; start < bytes.length; start += SLICE) {
    binary += String.fromCharCode(...bytes.subarray(start, start + SLICE));
  }
  return btoa(binary);
}
