import { createHash } from 'node:crypto';

/** The longest name of a call or recording that stays as it is. Names of files may have 255 characters in all. */
const NAME_CHARACTERS = 60;
/** Leaves room for an output's name beside three long ones, the time, the attempt and `.mp4.part`. */
const OUTPUT_NAME_CHARACTERS = 30;
/** 32 bits: enough to tell apart the few recordings of one call that start in one second. */
const HASH_CHARACTERS = 8;

/**
 * The name that a recording is stored under: call, start time, recording and attempt, so that neither another
 * recording of the call nor a retry can write over it. If a recording has several outputs, the first is given no
 * `outputName`, and the others' names end with theirs.
 */
export function objectKey(given: {
  callType: string;
  callId: string;
  recordingId: string;
  attempt: number;
  startedAtUnixMs: number;
  outputName?: string;
  extension: string;
}): string {
  const time = new Date(given.startedAtUnixMs).toISOString().replace(/[-:]|\.\d+/g, '');
  const parts = [
    safeName(given.callType),
    safeName(given.callId),
    time,
    safeName(given.recordingId),
    String(given.attempt),
  ];
  if (given.outputName !== undefined) parts.push(safeName(given.outputName, OUTPUT_NAME_CHARACTERS));
  return `${parts.join('-')}.${given.extension}`;
}

/**
 * The text with `_` in place of all that could leave the folder. Where it had to be changed or cut, `.` and a
 * hash of the whole text follow, so that two texts never become one name.
 */
function safeName(text: string, maxCharacters = NAME_CHARACTERS): string {
  const safe = text.replace(/[^A-Za-z0-9_]+/g, '_');
  if (safe === text && text !== '' && text.length <= maxCharacters) return text;
  const hash = createHash('sha256').update(text).digest('hex').slice(0, HASH_CHARACTERS);
  return `${safe.slice(0, maxCharacters - HASH_CHARACTERS - 1)}.${hash}`;
}
