import { QueueKeys } from 'bullmq';

/**
 * BullMQ keeps a queue's own keys and those of its jobs under one prefix, so a job must not have the name of
 * such a key.
 */
const KEYS_OF_A_QUEUE = new Set(Object.keys(new QueueKeys().getKeys('any')));

/** Returns a sentence that says why a recording cannot have this id, or null if it can. */
export function recordingIdProblem(recordingId: string): string | null {
  const quoted = JSON.stringify(recordingId);
  if (recordingId === '') return 'must not be empty';
  if (recordingId.includes(':'))
    return `${quoted} contains ":", which separates the parts of BullMQ's keys; use another character`;
  if (String(Number.parseInt(recordingId, 10)) === recordingId)
    return `${quoted} is an integer, and integers are the ids that BullMQ gives by itself; add a letter`;
  if (KEYS_OF_A_QUEUE.has(recordingId))
    return `${quoted} is the name of a key that BullMQ keeps for every queue, so the job would be accepted and never recorded; use another id, such as "recording-${recordingId}"`;
  return null;
}
