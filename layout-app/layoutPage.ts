import type { LayoutConfig } from '../shared/layout/layoutConfig.ts';
import type { PageMessage, WarningCode } from '../shared/page/pageMessages.ts';

/*
 * For authors of layout apps: what a page says to the recorder, in a few typed calls. Each says it in every way that
 * recorders listen for, so a page that uses these is recorded elsewhere too. In a desktop browser they do no harm.
 */
declare global {
  interface Window {
    /** Defined by the worker before the page loads; absent in a desktop browser. */
    callCompositor?: { send(message: PageMessage): void };
    /** Called by the recorder after load. */
    setupLayout(config: unknown): void;
  }
}

const READY_MARKER = 'egress-ready-for-capture';

/** Calls back with the call to show, after load; again where a studio changes it. */
export function onSetup(show: (config: LayoutConfig) => void): void {
  window.setupLayout = (config) => show(config as LayoutConfig);
}

/** The page may be recorded: call it once the first pictures, or what stands for them, are painted. */
export function ready(): void {
  send({ type: 'ready' });
  if (!document.getElementById(READY_MARKER))
    document.body.append(Object.assign(document.createElement('span'), { id: READY_MARKER }));
  console.log('START_RECORDING');
}

/** How many people are in the call; nobody for `empty_timeout_s` ends the recording. */
export function participants(count: number): void {
  send({ type: 'participants', count });
}

/** The call is over: so is the recording. */
export function callEnded(): void {
  send({ type: 'call_ended' });
  console.log('END_RECORDING');
}

/** The page cannot show the call: the recording fails with this code and message. */
export function failed(
  message: string,
  code: Extract<PageMessage, { type: 'failed' }>['code'] = 'page_error',
): void {
  send({ type: 'failed', code, message });
}

/** Something is amiss, but recording goes on: the result will tell. */
export function warn(message: string, code: WarningCode = 'page_warning'): void {
  send({ type: 'warning', code, message });
}

function send(message: PageMessage): void {
  if (window.callCompositor) window.callCompositor.send(message);
  else console.info('to the recorder:', JSON.stringify(message));
}
