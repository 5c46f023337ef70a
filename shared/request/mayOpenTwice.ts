import { descriptorOf } from '../sources/callSource.ts';
import type { ParsedRequest } from './parseRecordingRequest.ts';
import type { RecordingRequest } from './recordingRequest.ts';

/**
 * Whether the page of a recording may be open in two tabs for a moment: in the one that is recorded, and in the one that
 * is to be. Nothing is known of what an external app does in a call.
 */
export function mayOpenTwice(given: ParsedRequest): boolean {
  const { source, layout } = given as RecordingRequest;
  return layout.externalAppUrl === null && descriptorOf(source).mayOpenTwice(source);
}
