import kernelCode from 'virtual:kernel';
import type { RecorderCalls, RecorderOptions, WorkerCalls } from '../../../shared/recorder/recorderCalls.ts';
import { createRecorder, type Recorder, type RecorderOutlets } from './createRecorder.ts';
import { openStream } from './openStream.ts';
import { paceDisplay } from './paceDisplay.ts';

declare global {
  interface Window extends WorkerCalls {
    recorder: RecorderCalls;
  }
}

const outlets: RecorderOutlets = {
  write: async (encoding, bytes, position) => window.recorderBytes(encoding, bytes.toBase64(), position),
  send: (message) => window.recorderMessage(message),
  composer: {
    begin: (continues) => window.composerBegin(continues),
    end: (atUs) => window.composerEnd(atUs),
  },
  soundKernel: Uint8Array.fromBase64(kernelCode),
};
let source: { readonly options: RecorderOptions; readonly stream: MediaStream } | null = null;
let recorder: Recorder | null = null;

async function create(): Promise<void> {
  if (source === null) throw new Error('the recorder was called before it was opened');
  recorder = await createRecorder(source.options, source.stream, outlets);
}

window.recorder = {
  open: async (options) => {
    source = { options, stream: await openStream(options) };
    if (!options.audioOnly) paceDisplay(options.picture.framesPerSecond);
    await create();
  },
  begin: async (continues, isComposed) => opened().begin(continues, isComposed),
  takeComposed: async (messages) => {
    for (const message of messages) opened().takeComposed(message);
  },
  stop: async () => opened().stop(),
  pause: async () => opened().pause(),
  resume: create,
  picture: async () => recorder?.picture() ?? null,
};

function opened(): Recorder {
  if (recorder === null) throw new Error('the recorder was called before it was opened');
  return recorder;
}
