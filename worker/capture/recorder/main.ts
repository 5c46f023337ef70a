import type {
  CaptureStats,
  RecorderMessage,
  RecorderOptions,
} from '../../../shared/recorder/recorderMessages.ts';
import { createRecorder, type Recorder } from './createRecorder.ts';

/** The worker's half of the recorder page: bindings it defines before load, and the object it calls. */
declare global {
  interface Window {
    recorderMessage(json: string): Promise<void>;
    recorderBytes(base64: string, position: number): Promise<void>;
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

async function writeBytes(bytes: Uint8Array, position: number): Promise<void> {
  await window.recorderBytes(await toBase64(bytes), position);
}

/** By way of a data URL: native, and thirty times cheaper than btoa on a string made of the bytes. */
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
