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
      write: async (encoding, bytes, position) => window.recorderBytes(encoding, bytes.toBase64(), position),
      send: (message) => window.recorderMessage(message),
      composer: {
        begin: (continues) => window.composerBegin(continues),
        end: (atUs) => window.composerEnd(atUs),
      },
    });
  },
  begin: async (continues, isComposed) => opened().begin(continues, isComposed),
  takeComposed: async (messages) => {
    for (const message of messages) opened().takeComposed(message);
  },
  stop: async () => opened().stop(),
};

function opened(): Recorder {
  if (recorder === null) throw new Error('the recorder was called before it was opened');
  return recorder;
}
