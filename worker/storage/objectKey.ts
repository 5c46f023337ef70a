import { createHash } from 'node:crypto';

/** A longer name of a call or recording is cut. The whole name of a file may have 255 characters. */
const NAME_CHARACTERS = 60;
/** With this limit an output's name fits beside three long names, the time, the attempt and `.mp4.part`. */
const OUTPUT_NAME_CHARACTERS = 30;
/** 32 bits are enough to tell apart the few recordings of one call that start in one second. */
const HASH_CHARACTERS = 8;

/**
 * Returns the name under which a recording is stored: call, start time, recording and attempt. So neither
 * another recording of the call nor a retry can overwrite it. If a recording has several outputs, the first
 * is given no `outputName`, and the names of the others end with theirs.
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
 * Returns the text with `_` in place of every character that could leave the folder. If the text was changed
 * or cut, `.` and a hash of the whole text follow, so that two texts never get the same name.
 */
function safeName(text: string, maxCharacters = NAME_CHARACTERS): string {
  const safe = text.replace(/[^A-Za-z0-9_]+/g, '_');
  if (safe === text && text !== '' && text.length <= maxCharacters) return text;
  const hash = createHash('sha256').update(text).digest('hex').slice(0, HASH_CHARACTERS);
  return `${safe.slice(0, maxCharacters - HASH_CHARACTERS - 1)}.${hash}`;
}
