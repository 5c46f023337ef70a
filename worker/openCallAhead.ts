import { groupByEncoding } from '../shared/encoding/groupByEncoding.ts';
import type { RecordingRequest } from '../shared/request/recordingRequest.ts';
import { type Cleanup, createCleanup } from './cleanup.ts';
import { type OpenCall, type OpenCallDeps, type PreparedCall, prepareCall } from './openCall.ts';
import type { ChangeableLayout, LayoutInUse } from './page/layoutInUse.ts';
import type { Tab } from './page/openTab.ts';
import type { RecordingManifest } from './recording/manifest.ts';
import { messageOf } from './recordingError.ts';
import { redactSecrets } from './redactSecrets.ts';
import { untilStopped } from './watch/untilStopped.ts';

/** A call that is opened while another worker still records it. */
export interface OpenCallAhead {
  /** Resolves to whether the call can be recorded, or its page be loaded, from now on. Never rejects. */
  readonly isReady: Promise<boolean>;
  /** What its page is opened with, with the token that was minted for it. Rejects where it cannot be read. */
  readonly request: Promise<RecordingRequest>;
  /**
   * Hands the call on to the recording that goes on with it. Resolves once the call is ready, and throws as openCall
   * does. The cleanup closes the browser.
   */
  take(by: {
    readonly reportPage: (tab: Tab) => void;
    readonly stop: AbortSignal;
    readonly layout: LayoutInUse;
    readonly cleanup: Cleanup;
  }): Promise<OpenCall>;
  /** Closes the browser, if that has not been done yet. */
  close(): Promise<void>;
}

/**
 * Opens the call of a recording that this worker does not hold yet. Nothing is told or written before it is taken.
 * `request` resolves to its request, `layout` to what its page shows until then, and the manifest tells how the recording
 * began. A page that may not be open twice is loaded only when the call is taken: its browser, tab and capture are ready
 * by then.
 */
export function openCallAhead(
  given: {
    readonly request: Promise<RecordingRequest>;
    readonly layout: Promise<ChangeableLayout>;
    readonly mayOpenTwice: boolean;
  },
  { start }: Pick<RecordingManifest, 'start'>,
  deps: Omit<OpenCallDeps, 'journal'>,
): OpenCallAhead {
  const { request, layout, mayOpenTwice } = given;
  const cleanup = createCleanup(deps.log);
  const stop = new AbortController();
  let isTaken = false;
  layout.catch(() => {}); // told where the call is prepared
  const prepared = whileOpen(prepare);
  const loaded = mayOpenTwice ? prepared.then(({ load }) => whileOpen(load)) : null;
  const isReady = (loaded ?? prepared).then(
    (call) => !('readiness' in call) || 'signal' in call.readiness,
    async (error) => {
      const reason = await request.then(
        (read) => redactSecrets(messageOf(error), read),
        () => 'its job cannot be read',
      );
      deps.log.warn({ reason }, 'the call could not be opened ahead');
      return false;
    },
  );

  async function prepare(): Promise<PreparedCall> {
    const read = await request;
    const encodings = groupByEncoding(read.outputs, ({ encoding }) => encoding).flatMap(
      ([first]) => first?.encoding ?? [],
    );
    const journal = { phase: () => {} };
    const opened = { encodings, start, stop: stop.signal, layout: await layout };
    return prepareCall(read, { ...deps, journal }, opened, cleanup);
  }

  async function whileOpen<T>(work: () => Promise<T>): Promise<T> {
    const done = await untilStopped(work, stop.signal);
    if (done === null) throw new Error('the call was closed before it was open');
    return done;
  }

  return {
    isReady,
    request,
    take: async (by) => {
      isTaken = true;
      by.cleanup.defer('close the call that was opened ahead', cleanup.run);
      const stopNow = () => stop.abort(by.stop.reason);
      if (by.stop.aborted) stopNow();
      by.stop.addEventListener('abort', stopNow, { once: true });
      const { tab, load } = await prepared;
      by.reportPage(tab);
      (await layout).follow(by.layout);
      return loaded ?? whileOpen(load);
    },
    close: async () => {
      stop.abort('handed_over');
      await cleanup.run();
      if (!isTaken) deps.browsers.refill();
    },
  };
}
