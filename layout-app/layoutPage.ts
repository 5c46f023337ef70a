import type { LayoutConfig } from '../shared/layout/layoutConfig.ts';
import type { PageMessage, WarningCode } from '../shared/page/pageMessages.ts';

/*
 * For authors of layout apps: typed functions for what a page tells the recorder. Each function speaks every contract
 * that recorders know, so other recorders can record the page too. In a desktop browser the functions do no harm.
 */
declare global {
  interface Window {
    /** Defined by the worker before the page loads; absent in a desktop browser. */
    callCompositor?: {
      send(message: PageMessage): void;
      /**
       * Lets the frames of a playing video into the recording as they were decoded, which costs less than drawing them.
       * Until the returned function is called, the element plays a stand-in. Absent where this is not to be had.
       */
      compose?(video: HTMLVideoElement): () => void;
      /** Says that every video will be handed to `compose`, also where there is none yet. */
      willCompose?(): void;
    };
    /** Called by the recorder after load. */
    setupLayout(config: unknown): void;
  }
}

const READY_MARKER = 'egress-ready-for-capture';

/** Calls back with the call to show, once after load, and again each time the studio changes it. */
export function onSetup(show: (config: LayoutConfig) => void): void {
  window.setupLayout = (config) => show(config as LayoutConfig);
}

/** Says that the page may be recorded. Call it when the first pictures, or their placeholders, are painted. */
export function ready(): void {
  send({ type: 'ready' });
  if (!document.getElementById(READY_MARKER))
    document.body.append(Object.assign(document.createElement('span'), { id: READY_MARKER }));
  console.log('START_RECORDING');
}

/** Says how many people are in the call. The recording ends if it is 0 for `empty_timeout_s`. */
export function participants(count: number): void {
  send({ type: 'participants', count });
}

/** Says that the connection to the call is lost, or is there again. The result tells from when to when it was lost. */
export function connection(state: Extract<PageMessage, { type: 'connection' }>['state']): void {
  send({ type: 'connection', state });
}

/** Says that the call is over. The recording then ends. */
export function callEnded(): void {
  send({ type: 'call_ended' });
  console.log('END_RECORDING');
}

/** Says that the page cannot show the call. The recording then fails with this code and message. */
export function failed(
  message: string,
  code: Extract<PageMessage, { type: 'failed' }>['code'] = 'page_error',
): void {
  send({ type: 'failed', code, message });
}

/** Says that something is wrong. The recording goes on, and its result has the warning. */
export function warn(message: string, code: WarningCode = 'page_warning'): void {
  send({ type: 'warning', code, message });
}

function send(message: PageMessage): void {
  if (window.callCompositor) window.callCompositor.send(message);
  else console.info('to the recorder:', JSON.stringify(message));
}
