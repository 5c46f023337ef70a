import { groupByEncoding } from '../shared/encoding/groupByEncoding.ts';
import type { RecordingRequest } from '../shared/request/recordingRequest.ts';
import { type Cleanup, createCleanup } from './cleanup.ts';
import { type OpenCall, type OpenCallDeps, openCall } from './openCall.ts';
import type { Tab } from './page/openTab.ts';
import type { RecordingManifest } from './recording/manifest.ts';
import { untilStopped } from './watch/untilStopped.ts';

/** A call that is opened while another worker still records it. */
export interface OpenCallAhead {
  /** Resolves to whether the call can be recorded from now on. Never rejects. */
  readonly isReady: Promise<boolean>;
  /**
   * Hands the call on to the recording that goes on with it. Resolves once the call is ready, and throws as openCall
   * does. The cleanup closes the browser.
   */
  take(by: {
    readonly reportPage: (tab: Tab) => void;
    readonly stop: AbortSignal;
    readonly cleanup: Cleanup;
  }): Promise<OpenCall>;
  /** Closes the browser, if that has not been done yet. */
  close(): Promise<void>;
}

/**
 * Opens the call of a recording that this worker does not hold yet. Nothing is told or written before it is taken.
 * `read` gives its request, and the manifest tells how the recording began.
 */
export function openCallAhead(
  read: () => Promise<RecordingRequest>,
  { start }: Pick<RecordingManifest, 'start'>,
  deps: Omit<OpenCallDeps, 'journal'>,
): OpenCallAhead {
  const cleanup = createCleanup(deps.log);
  const stop = new AbortController();
  const opened = open();
  const isReady = opened.then(
    ({ readiness }) => 'signal' in readiness,
    (error) => {
      deps.log.warn({ err: error }, 'the call could not be opened ahead');
      return false;
    },
  );

  async function open(): Promise<OpenCall> {
    const request = await read();
    const encodings = groupByEncoding(request.outputs, ({ encoding }) => encoding).flatMap(
      ([first]) => first?.encoding ?? [],
    );
    const given = { encodings, start, reportPage: () => {}, stop: stop.signal };
    const call = await untilStopped(
      () => openCall(request, { ...deps, journal: { phase: () => {} } }, given, cleanup),
      stop.signal,
    );
    if (call === null) throw new Error('the call was closed before it was open');
    return call;
  }

  return {
    isReady,
    take: async (by) => {
      by.cleanup.defer('close the call that was opened ahead', cleanup.run);
      const stopNow = () => stop.abort(by.stop.reason);
      if (by.stop.aborted) stopNow();
      by.stop.addEventListener('abort', stopNow, { once: true });
      const call = await opened;
      by.reportPage(call.tab);
      return call;
    },
    close: async () => {
      stop.abort('handed_over');
      await cleanup.run();
    },
  };
}
