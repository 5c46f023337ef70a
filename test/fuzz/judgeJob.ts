import { InvalidRequestError } from '../../shared/request/parseRecordingRequest.ts';
import type { RecordingRequest } from '../../shared/request/recordingRequest.ts';
import { costOf } from '../../worker/admission/recordingCost.ts';
import { externalUrls } from '../../worker/page/externalUrls.ts';
import { layoutAddress } from '../../worker/page/layoutAddress.ts';
import { layoutConfigFor } from '../../worker/page/layoutConfigFor.ts';
import { redactSecrets } from '../../worker/redactSecrets.ts';
import { requestOf } from '../support/requestOf.ts';

/** What a job may cost before it is refused, or begun. In milliseconds. */
const AT_ONCE_MS = 50;
const LONGEST_MESSAGE = 10_000;
/** A job that seems slow is tried again: the runtime compiles and collects garbage in the same time. */
const TRIES = 5;

/**
 * Reads a job, and does with a good one what the worker does before it opens a browser. Throws where the job costs more
 * than 50 ms of this thread, where it is refused with anything but a short InvalidRequestError, or where it leaves a trace in the
 * prototypes. Resolves to whether the job was taken.
 */
export function judgeJob(job: unknown): boolean {
  let isTaken = false;
  let quickestMs = Number.POSITIVE_INFINITY;
  for (let tries = 0; tries < TRIES && quickestMs > AT_ONCE_MS; tries += 1) {
    const before = process.cpuUsage();
    isTaken = takes(job);
    const { user, system } = process.cpuUsage(before);
    quickestMs = Math.min(quickestMs, (user + system) / 1000);
  }
  if (quickestMs > AT_ONCE_MS) throw new Error(`the job took ${Math.round(quickestMs)} ms`);
  refuseTraces();
  return isTaken;
}

function takes(job: unknown): boolean {
  let request: RecordingRequest;
  try {
    request = requestOf('fuzzed', job);
  } catch (error) {
    refuseOtherErrors(error);
    return false;
  }
  prepare(request);
  return true;
}

function prepare(request: RecordingRequest): void {
  costOf(request as Parameters<typeof costOf>[0], 1);
  externalUrls(request);
  layoutAddress(request, 'http://127.0.0.1/');
  JSON.stringify(layoutConfigFor(request));
  redactSecrets('the page told: no such token', request);
}

function refuseOtherErrors(error: unknown): void {
  if (!(error instanceof InvalidRequestError)) throw error;
  if (error.message.includes('cannot be read')) throw error.cause;
  if (error.message.length >= LONGEST_MESSAGE)
    throw new Error(`the message has ${error.message.length} characters`);
}

function refuseTraces(): void {
  for (const prototype of [Object.prototype, Array.prototype, Function.prototype, String.prototype]) {
    const [trace] = Object.keys(prototype);
    if (trace === undefined) continue;
    delete (prototype as unknown as Record<string, unknown>)[trace];
    throw new Error(`a prototype has got the property "${trace}"`);
  }
}
