import { setTimeout as wait } from 'node:timers/promises';
import type { RecordedTranscript, RecordingResult } from '../../shared/events/recordingEvents.ts';
import type { RecordStore } from '../records/recordStore.ts';
import { onOneLine } from './printable.ts';

/** A service may need as long as the recording lasts. */
const TRANSCRIPT_LIMIT_MS = 4 * 60 * 60_000;
const LOOK_EVERY_MS = 500;

/**
 * Waits until the transcript of a recording that is stored is made, or cannot be made, and says on stderr what it waits for.
 * Where nobody waits any longer, which `giveUp` says, there will be none: the queue that would make it ends with this process.
 */
export async function awaitTranscript(
  result: RecordingResult,
  transcript: RecordedTranscript,
  given: {
    readonly store: Pick<RecordStore, 'get' | 'events'>;
    /** How many transcripts of the queue are still to be made. */
    readonly waiting: () => Promise<number>;
    readonly giveUp: AbortSignal;
  },
): Promise<RecordedTranscript> {
  const { store, waiting } = given;
  const giveUp = AbortSignal.any([given.giveUp, AbortSignal.timeout(TRANSCRIPT_LIMIT_MS)]);
  console.error('the recording is stored, and its transcript is being made; Ctrl-C ends without it');
  let isLate = false;
  while (!giveUp.aborted && (await waiting()) > 0) {
    const delayed: string | null = isLate ? null : await findDelay(store, result.recording_id);
    if (delayed) console.error(`the transcript is late, and is tried again: ${onOneLine(delayed)}`);
    isLate ||= delayed !== null;
    await wait(LOOK_EVERY_MS, undefined, { signal: giveUp }).catch(() => {});
  }
  const record = await store.get(result.recording_id);
  const known = record?.result?.transcript ?? transcript;
  const made: RecordedTranscript =
    known.status === 'waiting' ? { ...known, status: 'failed', error: 'it was not waited for' } : known;
  if (made.status !== 'ready') console.error(`there is no transcript: ${onOneLine(String(made.error))}`);
  return made;
}

async function findDelay(store: Pick<RecordStore, 'events'>, recordingId: string): Promise<string | null> {
  const delayed = (await store.events(recordingId)).find(({ type }) => type === 'call.transcription_delayed');
  return delayed && 'transcript' in delayed ? delayed.transcript.error : null;
}
