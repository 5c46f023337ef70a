import { isDeepStrictEqual } from 'node:util';
import type { ErrorCode } from '../../shared/events/errorCodes.ts';
import type { RecordingEvent, RecordingResult } from '../../shared/events/recordingEvents.ts';
import type { RecordStore } from '../../worker/records/recordStore.ts';
import { eventually } from '../support/eventually.ts';
import type { FileVerdict } from './judgeFile.ts';

/** What a warning says where a file could not be gone on with. */
const NEW_FILE = 'so a new file begins';
/** A file may be this much longer or shorter than its result says, or than the call took. */
const DURATION_TOLERANCE_S = 0.25;
/** A picture may be this far from its true place. */
const PLACE_TOLERANCE_S = 0.25;
/** A beep may be this far from its flash, which is drawn with the next of the page's frames. */
const STEP_TOLERANCE_S = 0.12;
/** What is missing may be stated this much too low or too high. */
const STATED_TOLERANCE_S = 0.7;

/** What differs from the promise that holds for every recording, whatever has happened to it. */
export function problemsOf(given: {
  readonly result: RecordingResult;
  readonly file: FileVerdict | null;
  readonly events: readonly RecordingEvent[];
  /** When the call was stopped, by the page's clock. */
  readonly endedAtS: number;
  readonly isPagesOwn: boolean;
  readonly failsWith: ErrorCode | null;
  /** The file may end this much before the call, in seconds. */
  readonly mostLostAtEndS: number;
}): string[] {
  const { result, file, events, failsWith } = given;
  const finals = events.filter((event) => 'result' in event).length;
  const wanted = failsWith === null ? 'completed' : 'failed';
  const isWanted = result.status === wanted && (result.error?.code ?? null) === failsWith;
  return texts([
    [finals !== 1, `${finals} final events`],
    [
      !isWanted,
      `it ended as ${result.status}${result.error ? `: ${result.error.code}, ${result.error.message}` : ''}`,
    ],
    [file === null, 'no file'],
    [result.warnings.some(({ message }) => message.includes(NEW_FILE)), 'a new file has begun'],
    ...(file ? differencesOf(file, given) : []),
  ]);
}

/** What can be read of a recording afterwards is what the queue was told. */
export async function problemsOfRecord(records: RecordStore, result: RecordingResult): Promise<string[]> {
  const id = result.recording_id;
  const isComplete = async () => {
    const kept = (await records.get(id))?.result;
    const types = (await records.events(id)).map(({ type }) => type);
    const finals = types.filter((type) => /_(ready|failed|absent)$/.test(type)).length;
    return isDeepStrictEqual(kept, result) && types.includes('call.recording_started') && finals === 1;
  };
  const problem = 'the record does not tell the same result, or does not tell of the start';
  return eventually('the record is complete', isComplete).then(
    () => [],
    () => [problem],
  );
}

function differencesOf(
  file: FileVerdict,
  { result, endedAtS, isPagesOwn, mostLostAtEndS }: Omit<Parameters<typeof problemsOf>[0], 'file'>,
): [boolean, string][] {
  // A recording that does not go on after a gap has ended.
  const statedS = result.gaps.reduce(
    (sum, { from_s, until_s }) => sum + (until_s ?? result.duration_s) - from_s,
    0,
  );
  const untilEndS = endedAtS - file.fromS;
  const notShownS = endedAtS - file.untilS;
  return [
    [
      notShownS > mostLostAtEndS + STATED_TOLERANCE_S,
      `the last ${notShownS.toFixed(1)} s do not show the page`,
    ],
    [file.errors.length > 0, `decoding: ${file.errors[0]}`],
    [file.frames !== result.frames, `${result.frames} frames stated, ${file.frames} in the file`],
    [
      differs(file.durationS, result.duration_s, DURATION_TOLERANCE_S),
      `length ${result.duration_s} s stated, ${file.durationS} s in the file`,
    ],
    [
      differs(file.durationS, untilEndS - mostLostAtEndS / 2, 2 * DURATION_TOLERANCE_S + mostLostAtEndS / 2),
      `length ${file.durationS} s of a call of ${untilEndS.toFixed(1)} s`,
    ],
    [file.displacedS > PLACE_TOLERANCE_S, `a picture is ${file.displacedS.toFixed(2)} s from its place`],
    [file.outOfStepS > STEP_TOLERANCE_S, `sound is ${Math.round(file.outOfStepS * 1000)} ms out of step`],
    [
      !isPagesOwn && differs(statedS, file.missingS, STATED_TOLERANCE_S),
      `${statedS.toFixed(1)} s stated as missing, ${file.missingS.toFixed(1)} s are`,
    ],
  ];
}

function texts(problems: readonly [boolean, string][]): string[] {
  return problems.filter(([is]) => is).map(([, text]) => text);
}

function differs(a: number, b: number, by: number): boolean {
  return Math.abs(a - b) > by;
}
